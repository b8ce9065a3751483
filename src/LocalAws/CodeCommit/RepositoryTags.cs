using Slipway.Aws.CodeCommit;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>The tags of repositories, named by the repository's ARN: https://docs.aws.amazon.com/codecommit/latest/userguide/how-to-tag-repository.html</summary>
internal sealed class RepositoryTags(RepositoryStore store, Database database)
{
    public ListTagsForResource.Response List(ListTagsForResource request)
    {
        if (request.NextToken is not null)
        {
            throw CodeCommitErrors.InvalidToken();
        }

        return new(Find(request.ResourceArn).Tags);
    }

    public void Tag(TagResource request)
    {
        Check(request.Tags);
        Change(request.ResourceArn, tags =>
        {
            foreach (var (key, value) in request.Tags)
            {
                tags[key] = value;
            }
        });
    }

    public void Untag(UntagResource request) => Change(request.ResourceArn, tags =>
    {
        foreach (var key in request.TagKeys)
        {
            tags.Remove(key);
        }
    });

    /// <summary>Checks tags that a request brings.</summary>
    public static void Check(IReadOnlyDictionary<string, string> tags)
    {
        foreach (var (key, value) in tags)
        {
            if (TagLimits.IsReserved(key))
            {
                throw CodeCommitErrors.Of("InvalidSystemTagUsage", $"The tag key {key} starts with aws:, which is AWS's own.");
            }

            if (key.Length is 0 or > TagLimits.LongestKey || value.Length > TagLimits.LongestValue)
            {
                throw CodeCommitErrors.Of("InvalidTagsMap", $"The tag '{key}' is not valid: a key has 1 to {TagLimits.LongestKey} characters, a value at most {TagLimits.LongestValue}.");
            }
        }
    }

    private void Change(string arn, Action<Dictionary<string, string>> change) => database.Write(_ =>
    {
        var repository = Find(arn);
        var tags = repository.Tags.ToDictionary();
        change(tags);
        if (tags.Count > TagLimits.Most)
        {
            throw CodeCommitErrors.Of("TooManyTags", $"A repository has at most {TagLimits.Most} tags; these would be {tags.Count}.");
        }

        store.Table.Update(repository with { Tags = tags });
    });

    private Repository Find(string arn) => arn.Split(':') is ["arn", _, "codecommit", _, _, { Length: > 0 } name]
        ? store.Require(name)
        : throw CodeCommitErrors.Of("InvalidResourceArn", $"{arn} is no ARN of a repository: arn:aws:codecommit:REGION:ACCOUNT:NAME is expected.");
}
