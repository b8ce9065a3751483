using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>The versions of objects that the rules of a lifecycle say are to go.</summary>
internal sealed class DueVersions(ObjectIndex index)
{
    private const int PageSize = 1000;

    /// <summary>The deletions that are due in a bucket. Each is refused where its version has changed since it was seen.</summary>
    public IEnumerable<Deletion> Of(string bucket, List<LifecycleRule> rules, DateTimeOffset now)
    {
        var removing = rules.FindAll(r => r.RemovesVersions);
        return Widest(removing.ConvertAll(r => r.Prefix)).SelectMany(prefix => Below(bucket, prefix, removing, now));
    }

    /// <summary>The prefixes without those that start with another one.</summary>
    private static List<string> Widest(List<string> prefixes) =>
        [.. prefixes.Distinct().Where(p => !prefixes.Exists(o => o.Length < p.Length && p.StartsWith(o, StringComparison.Ordinal)))];

    private IEnumerable<Deletion> Below(string bucket, string prefix, List<LifecycleRule> rules, DateTimeOffset now)
    {
        StoredObject? newer = null;
        var noncurrent = 0;
        foreach (var (version, isLast) in WithLast(Versions(bucket, prefix)))
        {
            noncurrent = version.IsLatest ? 0 : noncurrent;
            var due = version.IsLatest
                ? rules.Select(r => version.IsDeleteMarker ? (isLast ? r.ExpiresMarker(version) : null) : r.Expires(version))
                : rules.Select(r => r.ExpiresNoncurrent(version, newer!.LastModified, noncurrent));
            if (due.Any(at => at <= now))
            {
                yield return new(version.Key, version.IsLatest && !version.IsDeleteMarker ? null : version.VersionId, _ => Require(version))
                {
                    Reason = ObjectEvents.LifecycleExpiration,
                    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configure-notification.html
                    MarkedAt = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero),
                };
            }

            noncurrent += version.IsLatest ? 0 : 1;
            newer = version;
        }
    }

    /// <summary>Refuses a deletion where its version is not any more what it was: what has come since is not to go.</summary>
    private void Require(StoredObject seen)
    {
        var latest = index.Latest(seen.Bucket, seen.Key);
        if (seen.IsLatest ? (latest?.VersionId, latest?.File) != (seen.VersionId, seen.File) : latest is null || latest.VersionId == seen.VersionId)
        {
            throw S3Errors.PreconditionFailed("the newest version");
        }
    }

    /// <summary>Versions in the order of their keys, the newest of a key first, each with whether it is its key's oldest.</summary>
    private static IEnumerable<(StoredObject Version, bool IsLast)> WithLast(IEnumerable<StoredObject> versions)
    {
        StoredObject? held = null;
        foreach (var version in versions)
        {
            if (held is not null)
            {
                yield return (held, held.Key != version.Key);
            }

            held = version;
        }

        if (held is not null)
        {
            yield return (held, true);
        }
    }

    private IEnumerable<StoredObject> Versions(string bucket, string prefix)
    {
        var after = VersionPosition.Before(prefix);
        while (index.List(bucket, prefix, after, PageSize, all: true) is { Count: > 0 } page)
        {
            foreach (var version in page)
            {
                yield return version;
            }

            after = new(System.Text.Encoding.UTF8.GetBytes(page[^1].Key), page[^1].Sequence);
        }
    }
}
