using Slipway.Aws.Ssm;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Ssm;

/// <summary>The tags of parameters; other resources of Systems Manager are not there.</summary>
internal sealed class ParameterTags(ParameterStore store)
{
    public AddTagsToResource.Response Add(AddTagsToResource request) => store.Write(() =>
    {
        Put(Require(request.ResourceType, request.ResourceId), request.Tags);
        return new AddTagsToResource.Response();
    });

    public RemoveTagsFromResource.Response Remove(RemoveTagsFromResource request) => store.Write(() =>
    {
        var name = Require(request.ResourceType, request.ResourceId);
        foreach (var key in request.TagKeys)
        {
            store.RemoveTag(name, key);
        }

        return new RemoveTagsFromResource.Response();
    });

    public ListTagsForResource.Response List(ListTagsForResource request) =>
        new([.. store.Tags(Require(request.ResourceType, request.ResourceId)).Select(t => new Tag(t.Key, t.Value))]);

    /// <summary>Adds tags to a parameter. Call it in the transaction that makes or finds the parameter.</summary>
    /// <exception cref="AwsException">ValidationException or TooManyTagsError.</exception>
    public void Put(string name, IReadOnlyList<Tag> tags)
    {
        if (tags.FirstOrDefault(t => TagLimits.IsReserved(t.Key)) is { } reserved)
        {
            throw AwsErrors.Validation($"The tag key {reserved.Key} starts with aws:, which is AWS's own.");
        }

        foreach (var tag in tags)
        {
            store.PutTag(name, tag.Key, tag.Value);
        }

        if (store.Tags(name).Count > TagLimits.Most)
        {
            throw SsmErrors.TooManyTags();
        }
    }

    private string Require(ResourceTypeForTagging type, string id) => type != ResourceTypeForTagging.Parameter
        ? throw AwsErrors.NotImplemented($"ResourceType {type} of Systems Manager")
        : store.Newest(id) is not null ? id : throw SsmErrors.InvalidResource();
}
