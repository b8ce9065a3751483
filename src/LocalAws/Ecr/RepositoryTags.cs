using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>The tags of repositories: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html</summary>
internal sealed class RepositoryTags(RepositoryTable repositories)
{
    public TagResource.Response Add(TagResource request, Caller caller)
    {
        repositories.Change(repositories.RequireArn(request.ResourceArn, caller), r => r with { Tags = Put(r.Tags, request.Tags) }, caller);
        return new();
    }

    public UntagResource.Response Remove(UntagResource request, Caller caller)
    {
        repositories.Change(
            repositories.RequireArn(request.ResourceArn, caller), r => r with { Tags = r.Tags.Where(t => !request.TagKeys.Contains(t.Key)).ToDictionary() }, caller);
        return new();
    }

    public ListTagsForResource.Response List(ListTagsForResource request, Caller caller) =>
        new([.. repositories.RequireArn(request.ResourceArn, caller).Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new Tag(t.Key, t.Value))]);

    /// <summary>Tags with others added or changed.</summary>
    /// <exception cref="AwsException">InvalidTagParameterException or TooManyTagsException.</exception>
    public static IReadOnlyDictionary<string, string> Put(IReadOnlyDictionary<string, string> tags, IReadOnlyList<Tag> added)
    {
        var all = tags.ToDictionary();
        foreach (var tag in added)
        {
            if (tag.Key.Length is 0 or > TagLimits.LongestKey || tag.Value.Length > TagLimits.LongestValue || TagLimits.IsReserved(tag.Key))
            {
                throw EcrErrors.InvalidTag(
                    $"The tag '{tag.Key}' must have a key of 1 to {TagLimits.LongestKey} characters that does not start with aws:, and a value of at most {TagLimits.LongestValue}.");
            }

            all[tag.Key] = tag.Value;
        }

        return all.Count <= TagLimits.Most ? all : throw EcrErrors.TooManyTags();
    }
}
