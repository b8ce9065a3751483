using Amazon.S3;
using Amazon.S3.Model;
using Microsoft.Extensions.Time.Testing;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.S3.Settings;

/// <summary>Lifecycles by a clock that the tests turn: what is to go is gone after the midnight that S3 names, and nothing else is.</summary>
public sealed class LifecycleTests : IAsyncLifetime
{
    private const string Bucket = "lifecycle";
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 10, 30, 0, TimeSpan.Zero));
    private readonly LocalAwsFixture _aws;
    private AmazonS3Client _s3 = null!;

    public LifecycleTests() => _aws = new() { Time = _time };

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _s3 = S3ClientTests.Client(_aws);
        await _s3.PutBucketAsync(Bucket);
    }

    public async ValueTask DisposeAsync()
    {
        _s3.Dispose();
        await _aws.DisposeAsync();
    }

    [Fact]
    public async Task An_object_stays_until_the_midnight_after_its_days()
    {
        await Put("logs/a");
        await Put("other");
        await SetRules(Rule("logs", expiration: new() { Days = 2 }, prefix: "logs/"));
        _time.Advance(TimeSpan.FromHours(61));
        await Swept();
        Assert.Equal(["logs/a", "other"], await Keys());
        _time.Advance(TimeSpan.FromHours(1));
        await Patience.Until(async () => await Keys() is ["other"]);
    }

    [Fact]
    public async Task Size_and_tags_choose_what_goes()
    {
        await Put("small", "x");
        await Put("large", new string('x', 100));
        await Put("tagged", "xxxxxxxxxx", [new() { Key = "keep", Value = "no" }]);
        await Put("otherwise", "xxxxxxxxxx", [new() { Key = "keep", Value = "yes" }]);
        var days = new LifecycleRuleExpiration { Days = 1 };
        await SetRules(
            Rule("small", days, filter: new LifecycleObjectSizeLessThanPredicate { ObjectSizeLessThan = 2 }),
            Rule("large", days, filter: new LifecycleObjectSizeGreaterThanPredicate { ObjectSizeGreaterThan = 99 }),
            Rule("tagged", days, filter: new LifecycleTagPredicate { Tag = new() { Key = "keep", Value = "no" } }));
        _time.Advance(TimeSpan.FromDays(2));
        await Patience.Until(async () => await Keys() is ["otherwise"]);
    }

    [Fact]
    public async Task Versions_and_the_markers_that_they_leave_go_in_their_turn()
    {
        await _s3.PutBucketVersioningAsync(new() { BucketName = Bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
        for (var i = 0; i < 4; i++)
        {
            await Put("k", $"{i}");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await SetRules(
            Rule("current", new() { Days = 3 }),
            Rule("old", null, noncurrent: new() { NoncurrentDays = 1, NewerNoncurrentVersions = 1 }));
        Assert.Equal(4, (await Versions()).Count);
        // the two oldest are one more than is kept and older than a day
        _time.Advance(TimeSpan.FromDays(2));
        await Patience.Until(async () => (await Versions()).Count == 2);
        // the current one gets a marker in front of it, and pushes out the one that was kept a day later
        _time.Advance(TimeSpan.FromDays(2));
        await Patience.Until(async () => (await Versions()).FirstOrDefault() is { IsDeleteMarker: true });
        Assert.Equal(_time.GetUtcNow().UtcDateTime.Date, (await Versions())[0].LastModified!.Value.ToUniversalTime());
        Assert.Empty(await Keys());
        _time.Advance(TimeSpan.FromDays(2));
        await Patience.Until(async () => (await Versions()).Count == 2);
        await SetRules(Rule("all", null, noncurrent: new() { NoncurrentDays = 1 }), Rule("markers", new() { ExpiredObjectDeleteMarker = true }));
        await Turning(TimeSpan.FromDays(1), async () => (await Versions()).Count == 0);
    }

    [Fact]
    public async Task Uploads_that_nobody_completes_end()
    {
        await _s3.InitiateMultipartUploadAsync(Bucket, "a");
        await SetRules(Rule("uploads", null, abort: new() { DaysAfterInitiation = 1 }));
        _time.Advance(TimeSpan.FromHours(30));
        await _s3.InitiateMultipartUploadAsync(Bucket, "b");
        _time.Advance(TimeSpan.FromHours(12));
        await Patience.Until(async () => (await _s3.ListMultipartUploadsAsync(Bucket)).MultipartUploads is [{ Key: "b" }]);
    }

    [Fact]
    public async Task A_start_makes_up_for_the_midnights_that_it_missed()
    {
        await Put("a");
        await SetRules(Rule("all", new() { Days = 1 }));
        await _aws.Restart(() => _time.Advance(TimeSpan.FromDays(5)));
        _s3.Dispose();
        _s3 = S3ClientTests.Client(_aws);
        await Patience.Until(async () => (await Keys()).Count == 0);
    }

    [Fact]
    public async Task A_disabled_rule_leaves_all_there_is()
    {
        await Put("a");
        await Put("b");
        var disabled = Rule("off", new() { Days = 1 });
        disabled.Status = LifecycleRuleStatus.Disabled;
        await SetRules(disabled, Rule("b", new() { Days = 1 }, prefix: "b"));
        _time.Advance(TimeSpan.FromDays(3));
        await Patience.Until(async () => await Keys() is ["a"]);
    }

    [Fact]
    public async Task Days_that_lead_beyond_the_calendar_never_come()
    {
        await _s3.PutBucketVersioningAsync(new() { BucketName = Bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
        await Put("a");
        await _s3.InitiateMultipartUploadAsync(Bucket, "upload");
        await SetRules(Rule(
            "never", new() { Days = int.MaxValue }, noncurrent: new() { NoncurrentDays = int.MaxValue }, abort: new() { DaysAfterInitiation = int.MaxValue }));
        await Put("a");
        await Swept();
        Assert.Equal(2, (await Versions()).Count);
        Assert.Null((await _s3.GetObjectAsync(Bucket, "a")).Expiration?.RuleId);
        Assert.Single((await _s3.ListMultipartUploadsAsync(Bucket)).MultipartUploads);
    }

    private static LifecycleRule Rule(
        string id, LifecycleRuleExpiration? expiration, string prefix = "", LifecycleFilterPredicate? filter = null,
        LifecycleRuleNoncurrentVersionExpiration? noncurrent = null, LifecycleRuleAbortIncompleteMultipartUpload? abort = null) => new()
    {
        Id = id, Status = LifecycleRuleStatus.Enabled, Expiration = expiration, NoncurrentVersionExpiration = noncurrent, AbortIncompleteMultipartUpload = abort,
        Filter = new() { LifecycleFilterPredicate = filter ?? new LifecyclePrefixPredicate { Prefix = prefix } },
    };

    private Task Put(string key, string content = "x", List<Tag>? tags = null) =>
        _s3.PutObjectAsync(new() { BucketName = Bucket, Key = key, ContentBody = content, TagSet = tags ?? [] });

    private Task SetRules(params List<LifecycleRule> rules) => _s3.PutLifecycleConfigurationAsync(Bucket, new() { Rules = rules });

    private async Task<List<string>> Keys() => ((await _s3.ListObjectsV2Async(new() { BucketName = Bucket })).S3Objects ?? []).ConvertAll(o => o.Key);

    private async Task<List<S3ObjectVersion>> Versions() => (await _s3.ListVersionsAsync(Bucket)).Versions ?? [];

    /// <summary>Waits until a sweep has been: a bucket of its own loses what has been due all the time.</summary>
    private async Task Swept()
    {
        const string probe = "lifecycle-probe";
        await _s3.PutBucketAsync(probe);
        await _s3.PutObjectAsync(new() { BucketName = probe, Key = "k", ContentBody = "x" });
        await _s3.PutLifecycleConfigurationAsync(probe, new() { Rules = [Rule("now", new() { Date = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc) })] });
        await Patience.Until(async () => (await _s3.ListObjectsV2Async(new() { BucketName = probe })).S3Objects is null or []);
    }

    /// <summary>Waits, and turns the clock each time that it looks in vain.</summary>
    private Task Turning(TimeSpan turn, Func<Task<bool>> holds) => Patience.Until(async () =>
    {
        var held = await holds();
        _time.Advance(held ? TimeSpan.Zero : turn);
        return held;
    });
}
