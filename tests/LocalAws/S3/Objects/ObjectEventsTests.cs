using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Time.Testing;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.EventBridge;

namespace Slipway.Tests.LocalAws.S3.Objects;

/// <summary>What EventBridge is told of a bucket's objects.</summary>
public sealed class ObjectEventsTests : IAsyncLifetime
{
    private const string Bucket = "events";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
    private readonly LocalAwsFixture _aws;
    private AmazonS3Client _s3 = null!;
    private SeenEvents _events = null!;

    public ObjectEventsTests() => _aws = new() { Time = _time };

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _events = await SeenEvents.Watch(_aws);
        _s3 = S3ClientTests.Client(_aws);
        await _s3.PutBucketAsync(Bucket);
    }

    public async ValueTask DisposeAsync()
    {
        _s3.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task Each_change_of_an_object_is_one_event_where_the_bucket_asks_for_it()
    {
        await Put("before");
        await Notify(new() { EventBridgeConfiguration = new() });
        await Put("a b/ü");
        await _s3.CopyObjectAsync(Bucket, "a b/ü", Bucket, "copy");
        var upload = (await _s3.InitiateMultipartUploadAsync(Bucket, "parts")).UploadId;
        var part = await _s3.UploadPartAsync(new() { BucketName = Bucket, Key = "parts", UploadId = upload, PartNumber = 1, InputStream = new MemoryStream("12345"u8.ToArray()) });
        await _s3.CompleteMultipartUploadAsync(new() { BucketName = Bucket, Key = "parts", UploadId = upload, PartETags = [new(1, part.ETag)] });
        await _s3.DeleteObjectAsync(Bucket, "copy");
        await _s3.DeleteObjectAsync(Bucket, "absent");
        await Notify(new());
        await Put("after");
        var events = await _events.All();
        Assert.Equal(
            ["Object Created PutObject a b/ü 1 ", "Object Created CopyObject copy 1 ", "Object Created CompleteMultipartUpload parts 5 ", "Object Deleted DeleteObject copy 1 Permanently Deleted"],
            events.ConvertAll(e => $"{e["detail-type"]} {e["detail"]!["reason"]} {e["detail"]!["object"]!["key"]} {e["detail"]!["object"]!["size"]} {e["detail"]!["deletion-type"]}"));
        Assert.All(events, e => Assert.Equal(("aws.s3", $"arn:aws:s3:::{Bucket}", Bucket), ((string)e["source"]!, (string)e["resources"]![0]!, (string)e["detail"]!["bucket"]!["name"]!)));
        var sequencers = events.ConvertAll(e => (string)e["detail"]!["object"]!["sequencer"]!);
        Assert.Equal(sequencers.Order(StringComparer.Ordinal), sequencers);
    }

    [Fact]
    public async Task Versions_are_named_and_what_a_lifecycle_removes_says_so()
    {
        await _s3.PutBucketVersioningAsync(new() { BucketName = Bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
        await Notify(new() { EventBridgeConfiguration = new() });
        var version = (await Put("k")).VersionId;
        var marker = (await _s3.DeleteObjectAsync(Bucket, "k")).VersionId;
        await _s3.DeleteObjectAsync(Bucket, "k", marker);
        var rule = new LifecycleRule
        {
            Id = "r", Status = LifecycleRuleStatus.Enabled, Filter = new() { LifecycleFilterPredicate = new LifecyclePrefixPredicate { Prefix = "" } }, Expiration = new() { Days = 1 },
        };
        await _s3.PutLifecycleConfigurationAsync(Bucket, new() { Rules = [rule] });
        var seen = await Patience.Until(
            () =>
            {
                _time.Advance(TimeSpan.FromDays(1));
                return _events.All();
            },
            all => all.Count >= 4);
        var events = seen.ConvertAll(e => e["detail"]!).ConvertAll(d => (Version: (string?)d["object"]!["version-id"], Reason: (string?)d["reason"], Type: (string?)d["deletion-type"]));
        Assert.Equal((version, "PutObject", null), events[0]);
        Assert.Equal((marker, "DeleteObject", "Delete Marker Created"), events[1]);
        Assert.Equal((marker, "DeleteObject", "Permanently Deleted"), events[2]);
        Assert.Equal(("Lifecycle Expiration", "Delete Marker Created"), (events[3].Reason, events[3].Type));
        Assert.Equal(["000000000000", "s3.amazonaws.com"], seen.ConvertAll(e => (string?)e["detail"]!["requester"])[2..4]);
    }

    private Task<PutObjectResponse> Put(string key) => _s3.PutObjectAsync(new() { BucketName = Bucket, Key = key, ContentBody = "x" });

    private Task Notify(PutBucketNotificationRequest request)
    {
        request.BucketName = Bucket;
        return _s3.PutBucketNotificationAsync(request);
    }
}
