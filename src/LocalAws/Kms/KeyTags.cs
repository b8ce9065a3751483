using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>The tags of keys: https://docs.aws.amazon.com/kms/latest/developerguide/tagging-keys.html</summary>
internal sealed class KeyTags(KeyTable keys)
{
    public void Add(TagResource request, Caller caller) =>
        keys.Change(request.KeyId, caller, k => k.Own("TagResource").NotPending() with { Tags = Put(k.Tags, request.Tags) });

    public void Remove(UntagResource request, Caller caller) => keys.Change(request.KeyId, caller, k => k.Own("UntagResource").NotPending() with
    {
        Tags = k.Tags.Where(t => !request.TagKeys.Contains(t.Key)).ToDictionary(),
    });

    public ListResourceTags.Response List(ListResourceTags request, Caller caller)
    {
        var tags = keys.Require(request.KeyId, caller).Tags.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => new Tag(t.Key, t.Value));
        var page = Page.Of(tags, t => t.TagKey, request.Marker, request.Limit ?? TagLimits.Most, KmsErrors.InvalidMarker);
        return new(page.Items, page.NextToken is not null, page.NextToken);
    }

    /// <summary>Tags with others added or changed.</summary>
    /// <exception cref="AwsException">TagException or LimitExceededException.</exception>
    public static IReadOnlyDictionary<string, string> Put(IReadOnlyDictionary<string, string> tags, IReadOnlyList<Tag> added)
    {
        if (added.GroupBy(t => t.TagKey).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw KmsErrors.Tag($"Duplicate tag key {doubled.Key}.");
        }

        if (added.FirstOrDefault(t => TagLimits.IsReserved(t.TagKey)) is { } reserved)
        {
            throw KmsErrors.Tag($"The tag key {reserved.TagKey} starts with aws:, which is AWS's own.");
        }

        var all = tags.ToDictionary();
        foreach (var tag in added)
        {
            all[tag.TagKey] = tag.TagValue;
        }

        return all.Count <= TagLimits.Most ? all : throw KmsErrors.LimitExceeded($"A key has at most {TagLimits.Most} tags.");
    }
}
