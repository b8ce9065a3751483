using System.Security.Cryptography;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>When a bucket's objects go: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html. Transitions are kept and change nothing.</summary>
internal sealed class BucketLifecycle(SettingOperations settings, LifecycleSweep sweep, Buckets buckets)
{
    private const int MostRules = 1000;
    private const string MinimumSize = "x-amz-transition-default-minimum-object-size";
    private const string DefaultMinimumSize = "all_storage_classes_128K";

    private static readonly XmlShape Tag = new("Tag", Required("Key"), Required("Value"));

    private static readonly XmlShape[] Predicates = [new("Prefix"), Tag, new("ObjectSizeGreaterThan") { From = long.MinValue }, new("ObjectSizeLessThan") { From = long.MinValue }];

    private static readonly XmlShape StorageClass = Required("StorageClass") with
    {
        Values = ["GLACIER", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "DEEP_ARCHIVE", "GLACIER_IR"],
    };

    private static readonly BucketSetting Setting = new(new("LifecycleConfiguration",
        Required("Rule",
            new XmlShape("ID"),
            new XmlShape("Prefix"),
            new XmlShape("Filter", [.. Predicates, new("And", [.. Predicates.Where(p => p != Tag), Tag with { Most = int.MaxValue }])]),
            Status,
            new XmlShape("Expiration", new XmlShape("Date"), new XmlShape("Days"), Flag("ExpiredObjectDeleteMarker")),
            new XmlShape("Transition", new XmlShape("Date"), new XmlShape("Days") { From = 0 }, StorageClass) { Most = int.MaxValue },
            new XmlShape("NoncurrentVersionExpiration", Required("NoncurrentDays"), new XmlShape("NewerNoncurrentVersions") { From = 1 }),
            new XmlShape("NoncurrentVersionTransition", Required("NoncurrentDays") with { From = 0 }, new XmlShape("NewerNoncurrentVersions") { From = 1 }, StorageClass) { Most = int.MaxValue },
            new XmlShape("AbortIncompleteMultipartUpload", Required("DaysAfterInitiation"))) with { Most = MostRules }))
    {
        Missing = ("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist"),
    };

    /// <summary>The rules of a bucket that are enabled.</summary>
    public static IEnumerable<LifecycleRule> Rules(Bucket bucket) => LifecycleRule.Of(Setting.Of(bucket));

    /// <summary>Says in an answer when the object that a key names expires.</summary>
    public static void WriteExpiration(S3Request request, Bucket bucket, StoredObject stored)
    {
        if (Rules(bucket).Select(r => (r.Id, At: r.Expires(stored))).Where(e => e.At is not null).OrderBy(e => e.At).FirstOrDefault() is (var id, { } at))
        {
            request.SetHeader("x-amz-expiration", $"expiry-date=\"{at:R}\", rule-id=\"{Uri.EscapeDataString(id)}\"");
        }
    }

    /// <summary>Says in an answer when an upload ends that is not complete by then.</summary>
    public static void WriteAbort(S3Request request, Bucket bucket, Upload upload)
    {
        if (Rules(bucket).Select(r => (r.Id, At: r.Aborts(upload))).Where(e => e.At is not null).OrderBy(e => e.At).FirstOrDefault() is (var id, { } at))
        {
            request.SetHeader("x-amz-abort-date", $"{at:R}");
            request.SetHeader("x-amz-abort-rule-id", Uri.EscapeDataString(id));
        }
    }

    [S3Operation("PUT", S3Level.Bucket, Query = ["lifecycle"])]
    public async Task PutBucketLifecycleConfiguration(S3Request request)
    {
        var size = request.Header(MinimumSize) ?? DefaultMinimumSize;
        if (size is not (DefaultMinimumSize or "varies_by_storage_class"))
        {
            throw S3Errors.InvalidRequest($"Invalid TransitionDefaultMinimumObjectSize found: {size}");
        }

        request.SetHeader(MinimumSize, size);
        await settings.Put(request, Setting, (_, document) =>
        {
            LifecycleChecks.Check(document);
            foreach (var rule in document.Elements("Rule").Where(r => string.IsNullOrEmpty((string?)r.Element("ID"))))
            {
                rule.SetElementValue("ID", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)));
            }

            document.SetAttributeValue(MinimumSize, size);
        });
        sweep.Changed();
    }

    [S3Operation("GET", S3Level.Bucket, Query = ["lifecycle"])]
    public Task GetBucketLifecycleConfiguration(S3Request request)
    {
        request.SetHeader(MinimumSize, (string?)Setting.Of(buckets.Require(request.Bucket))?.Attribute(MinimumSize));
        return settings.Get(request, Setting);
    }

    [S3Operation("DELETE", S3Level.Bucket, Query = ["lifecycle"])]
    public Task DeleteBucketLifecycle(S3Request request) => settings.Delete(request, Setting);
}
