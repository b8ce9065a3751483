using System.Globalization;
using System.Xml.Linq;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// A rule of a bucket's lifecycle that is enabled, as far as it has an effect here:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
/// </summary>
internal sealed class LifecycleRule
{
    private readonly IReadOnlyDictionary<string, string> _tags;
    private readonly long? _largerThan;
    private readonly long? _smallerThan;
    private readonly int? _days;
    private readonly DateTimeOffset? _date;
    private readonly bool _markers;
    private readonly int? _noncurrentDays;
    private readonly long _newerKept;
    private readonly int? _abortDays;

    private LifecycleRule(XElement rule)
    {
        Id = (string)rule.Element("ID")!;
        var filter = rule.Element("Filter")?.Element("And") ?? rule.Element("Filter") ?? rule;
        Prefix = (string?)filter.Element("Prefix") ?? "";
        _tags = filter.Elements("Tag").ToDictionary(t => t.Element("Key")!.Value, t => t.Element("Value")!.Value);
        (_largerThan, _smallerThan) = ((long?)filter.Element("ObjectSizeGreaterThan"), (long?)filter.Element("ObjectSizeLessThan"));
        var expiration = rule.Element("Expiration");
        _days = (int?)expiration?.Element("Days");
        _date = (string?)expiration?.Element("Date") is { } date ? ReadDate(date) : null;
        _markers = (string?)expiration?.Element("ExpiredObjectDeleteMarker") == "true";
        var noncurrent = rule.Element("NoncurrentVersionExpiration");
        (_noncurrentDays, _newerKept) = ((int?)noncurrent?.Element("NoncurrentDays"), (long?)noncurrent?.Element("NewerNoncurrentVersions") ?? 0);
        _abortDays = (int?)rule.Element("AbortIncompleteMultipartUpload")?.Element("DaysAfterInitiation");
    }

    /// <summary>Its name.</summary>
    public string Id { get; }

    /// <summary>What the keys that it is about start with.</summary>
    public string Prefix { get; }

    /// <summary>Whether versions can go by it, so that they are to be looked at.</summary>
    public bool RemovesVersions => _days is not null || _date is not null || _markers || _noncurrentDays is not null;

    /// <summary>The enabled rules of a lifecycle configuration.</summary>
    public static IEnumerable<LifecycleRule> Of(XElement? document) =>
        document?.Elements("Rule").Where(r => r.Element("Status")!.Value == "Enabled").Select(r => new LifecycleRule(r)) ?? [];

    /// <summary>A time of a rule, or null where it is none.</summary>
    public static DateTimeOffset? ReadDate(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;

    /// <summary>When the newest version of a key expires; null where this rule leaves it.</summary>
    public DateTimeOffset? Expires(StoredObject current) => current.IsDeleteMarker || !Fits(current) ? null : _days is { } days ? After(current.LastModified, days) : _date;

    /// <summary>When a delete marker that is all that is left of a key goes; null where this rule leaves it.</summary>
    public DateTimeOffset? ExpiresMarker(StoredObject marker) => !Fits(marker) ? null
        : _markers ? marker.LastModified
        : _days is { } days ? After(marker.LastModified, days)
        : null;

    /// <summary>When a version that is not its key's newest one goes; null where this rule leaves it.</summary>
    /// <param name="version">The version.</param>
    /// <param name="since">When a newer one came.</param>
    /// <param name="newer">How many versions are newer that are not the newest one either.</param>
    public DateTimeOffset? ExpiresNoncurrent(StoredObject version, DateTimeOffset since, int newer) =>
        _noncurrentDays is { } days && newer >= _newerKept && Fits(version) ? After(since, days) : null;

    /// <summary>When an upload that is not complete ends; null where this rule leaves it.</summary>
    public DateTimeOffset? Aborts(Upload upload) =>
        _abortDays is { } days && upload.Key.StartsWith(Prefix, StringComparison.Ordinal) ? After(upload.Initiated, days) : null;

    private bool Fits(StoredObject stored) =>
        stored.Key.StartsWith(Prefix, StringComparison.Ordinal)
        && !(stored.Size <= _largerThan) && !(stored.Size >= _smallerThan)
        && _tags.All(t => stored.Headers.Tags.TryGetValue(t.Key, out var value) && value == t.Value);

    /// <summary>S3 rounds up to the next midnight of UTC. What that puts beyond the last day of the calendar never comes.</summary>
    private static DateTimeOffset? After(DateTimeOffset start, int days)
    {
        if (days > (DateTimeOffset.MaxValue - start).TotalDays - 1)
        {
            return null;
        }

        var end = start.ToUniversalTime().AddDays(days);
        return end.TimeOfDay == TimeSpan.Zero ? end : new DateTimeOffset(end.Date, TimeSpan.Zero).AddDays(1);
    }
}
