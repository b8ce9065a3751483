using Slipway.Aws.Ecr;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>The tags of repositories: https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-using-tags.html</summary>
internal sealed class RepositoryTags(RepositoryTable repositories)
{
    private const int MostTags = 50;
    private const int LongestKey = 128;
    private const int LongestValue = 256;

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
            if (tag.Key.Length is 0 or > LongestKey || tag.Value.Length > LongestValue || tag.Key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw EcrErrors.InvalidTag(
                    $"The tag '{tag.Key}' must have a key of 1 to {LongestKey} characters that does not start with aws:, and a value of at most {LongestValue}.");
            }

            all[tag.Key] = tag.Value;
        }

        return all.Count <= MostTags ? all : throw EcrErrors.TooManyTags();
    }
}
