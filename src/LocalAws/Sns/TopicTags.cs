using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns;

/// <summary>The tags of topics: https://docs.aws.amazon.com/sns/latest/dg/sns-tags.html</summary>
internal sealed class TopicTags(Database database, TopicTable topics)
{
    public TagResource.Response Add(TagResource request)
    {
        Change(request.ResourceArn, tags => Put(tags, request.Tags));
        return new();
    }

    public UntagResource.Response Remove(UntagResource request)
    {
        Change(request.ResourceArn, tags => [.. tags.Where(t => !request.TagKeys.Contains(t.Key))]);
        return new();
    }

    public ListTagsForResource.Response List(ListTagsForResource request) => new(Require(request.ResourceArn).Tags);

    /// <summary>Tags with others added or changed, in the order of their keys.</summary>
    /// <exception cref="AwsException">InvalidParameter or TagLimitExceeded.</exception>
    public static IReadOnlyList<Tag> Put(IReadOnlyList<Tag> tags, IReadOnlyList<Tag> more)
    {
        if (more.DistinctBy(t => t.Key).Count() != more.Count)
        {
            throw SnsErrors.Invalid("Duplicated keys are not allowed.");
        }

        if (more.FirstOrDefault(t => TagLimits.IsReserved(t.Key)) is { } reserved)
        {
            throw SnsErrors.Invalid($"Tags Reason: the key {reserved.Key} starts with aws:, which is AWS's own");
        }

        var all = tags.Concat(more).GroupBy(t => t.Key).Select(g => g.Last()).OrderBy(t => t.Key, StringComparer.Ordinal).ToList();
        return all.Count <= TagLimits.Most ? all : throw SnsErrors.Make("TagLimitExceeded", "Could not complete request: tag quota of per resource exceeded");
    }

    private StoredTopic Require(string arn) => topics.Find(arn) ?? throw SnsErrors.NoResource();

    private void Change(string arn, Func<IReadOnlyList<Tag>, IReadOnlyList<Tag>> change) => database.Write(_ =>
    {
        var topic = Require(arn);
        topics.Update(topic with { Tags = change(topic.Tags) });
    });
}
