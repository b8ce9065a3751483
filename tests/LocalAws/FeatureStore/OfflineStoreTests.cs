using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.FeatureStore;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.FeatureStore;

/// <summary>The offline store's Parquet files, read as Athena or Spark would read them.</summary>
public sealed class OfflineStoreTests : IAsyncLifetime
{
    private const string Bucket = "features";
    private readonly LocalAwsFixture _aws = new();

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _aws.Server.Part<Buckets>().Create(Bucket, "us-east-1");
    }

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Every_put_and_deletion_is_a_row_in_the_file_of_its_hour()
    {
        await Create("clicks");
        await Put("clicks", ("id", "a"), ("time", "2026-01-02T03:04:05Z"), ("age", "22.5"), ("click", "1"));
        await Put("clicks", ("id", "a"), ("time", "2026-01-02T03:59:59.999Z"), ("age", "23"));
        await Put("clicks", ("id", "a"), ("time", "2025-12-31T23:00:00Z"));
        await _aws.Aws.Send(new DeleteRecord("clicks", "a", "2026-01-02T04:00:00Z"));

        var files = await Files("clicks");
        Assert.Collection(
            files.Select(f => f.Key),
            key => Assert.Matches(@"^prefix/000000000000/sagemaker/us-east-1/offline-store/clicks-\d{10}/data/year=2025/month=12/day=31/hour=23/20251231T230000Z_[A-Za-z0-9]{16}\.parquet$", key),
            key => Assert.Contains("/year=2026/month=01/day=02/hour=03/20260102T035959Z_", key, StringComparison.Ordinal),
            key => Assert.Contains("/year=2026/month=01/day=02/hour=04/20260102T040000Z_", key, StringComparison.Ordinal));
        Assert.Equal(
            ["2025-12-31T23:00:00Z|a|||False", "2026-01-02T03:04:05Z|a|22.5|1|False", "2026-01-02T03:59:59.999Z|a|23||False", "2026-01-02T04:00:00Z|a|||True"],
            Query(files, "time || '|' || id || '|' || COALESCE(printf('%g', age), '') || '|' || COALESCE(click::VARCHAR, '') || '|' || IF(is_deleted, 'True', 'False')"));
        Assert.Equal("DOUBLE BIGINT TIMESTAMP TIMESTAMP BOOLEAN", Query(files, "concat_ws(' ', typeof(age), typeof(click), typeof(write_time), typeof(api_invocation_time), typeof(is_deleted))")[0]);
        Assert.All(Query(files, "(write_time >= api_invocation_time)::VARCHAR"), ordered => Assert.Equal("true", ordered));
    }

    [Fact]
    public async Task Features_that_are_added_are_null_in_older_files()
    {
        await Create("grows");
        await Put("grows", ("id", "old"), ("time", "2026-01-01T00:00:00Z"));
        Assert.Single(await Files("grows"));
        await _aws.Aws.Send(new UpdateFeatureGroup("grows", [new("gender", FeatureType.String)]));
        await Put("grows", ("id", "new"), ("time", "2026-01-01T00:00:01Z"), ("gender", "Female"));
        Assert.Equal(["new Female", "old "], Query(await Files("grows"), "id || ' ' || COALESCE(gender, '')"));
    }

    [Fact]
    public async Task Rows_that_were_acknowledged_before_a_stop_are_in_the_files_after_the_next_start()
    {
        await Create("kept");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Put("kept", ("id", $"{i:D3}"), ("time", "2026-01-01T00:00:00Z"))));
        await _aws.Restart();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i:D3}"), Query(await Files("kept"), "id"));
        Assert.NotNull((await _aws.Aws.Send(new GetRecord("kept", "042"))).Record);
    }

    [Fact]
    public async Task A_batch_whose_files_were_written_when_a_crash_came_is_not_doubled()
    {
        await Create("once");
        await Put("once", ("id", "a"), ("time", "2026-01-01T00:00:00Z"));
        var group = _aws.Server.Part<FeatureGroups>().Require("once");
        var buffer = _aws.Server.Part<OfflineBuffer>();
        var folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
        var batch = buffer.Begin(group.StoreId, 10, DateTimeOffset.UnixEpoch.UtcTicks)!;
        foreach (var file in OfflineFiles.Write(group, batch, buffer.Rows(batch), folder))
        {
            var place = S3Uri.Parse(group.Offline!.S3StorageConfig.ResolvedOutputS3Uri!).Append(file.Key);
            await _aws.Server.Part<ObjectStore>().PutFile(place.Bucket, place.Key, file.Path, kmsKeyId: null);
        }

        Directory.Delete(folder, recursive: true);
        await Put("once", ("id", "b"), ("time", "2026-01-01T00:00:00Z"));
        await _aws.Restart();
        Assert.Equal(["a", "b"], Query(await Files("once"), "id"));
    }

    [Fact]
    public async Task A_group_whose_bucket_does_not_exist_fails_and_says_why()
    {
        await Create("lost", "s3://no-such-bucket/prefix");
        var group = await _aws.Aws.Send(new DescribeFeatureGroup("lost"));
        Assert.Equal(FeatureGroupStatus.CreateFailed, group.FeatureGroupStatus);
        Assert.Contains("no-such-bucket", group.FailureReason, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AwsException>(() => Put("lost", ("id", "a"), ("time", "2026-01-01T00:00:00Z")));
    }

    [Fact]
    public async Task A_bucket_that_goes_away_blocks_the_offline_store_until_it_is_back()
    {
        await Create("blocked");
        var buckets = _aws.Server.Part<Buckets>();
        buckets.Delete(Bucket);
        await Put("blocked", ("id", "a"), ("time", "2026-01-01T00:00:00Z"));
        var blocked = await _aws.Aws.Send(new DescribeFeatureGroup("blocked"));
        Assert.Equal("Blocked", blocked.OfflineStoreStatus?.Status);
        Assert.Contains(Bucket, blocked.OfflineStoreStatus?.BlockedReason, StringComparison.Ordinal);
        buckets.Create(Bucket, "us-east-1");
        Assert.Equal(["a"], Query(await Files("blocked"), "id"));
        Assert.Equal("Active", (await _aws.Aws.Send(new DescribeFeatureGroup("blocked"))).OfflineStoreStatus?.Status);
    }

    [Fact]
    public async Task A_deleted_group_leaves_its_files_and_a_new_one_of_its_name_starts_empty()
    {
        await Create("again");
        await Put("again", ("id", "a"), ("time", "2026-01-01T00:00:00Z"));
        await _aws.Aws.Send(new DeleteFeatureGroup("again"));
        Assert.Single(_aws.Server.Part<ObjectStore>().List(Bucket, "prefix/000000000000/sagemaker/us-east-1/offline-store/again-"));
        await Create("again");
        Assert.Null((await _aws.Aws.Send(new GetRecord("again", "a"))).Record);
        Assert.Empty(await Files("again"));
    }

    private Task Create(string name, string uri = $"s3://{Bucket}/prefix") => _aws.Aws.Send(new CreateFeatureGroup(
        name, "id", "time", [new("id", FeatureType.String), new("time", FeatureType.String), new("age", FeatureType.Fractional), new("click", FeatureType.Integral)],
        new OnlineStoreConfig(EnableOnlineStore: true), new OfflineStoreConfig(new S3StorageConfig(uri)), RoleArn: _aws.RoleArn));

    private Task Put(string group, params (string Name, string Value)[] values) =>
        _aws.Aws.Send(new PutRecord(group, [.. values.Select(v => new FeatureValue(v.Name, v.Value))]));

    private async Task<IReadOnlyList<StoredObject>> Files(string group)
    {
        var store = await _aws.Aws.Send(new DescribeFeatureGroup(group));
        var place = S3Uri.Parse(store.OfflineStoreConfig!.S3StorageConfig.ResolvedOutputS3Uri!);
        return _aws.Server.Part<ObjectStore>().List(Bucket, place.Key + "/");
    }

    private List<string> Query(IReadOnlyList<StoredObject> files, string expression)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
        for (var i = 0; i < files.Count; i++)
        {
            using var from = _aws.Server.Part<ObjectStore>().Open(files[i].Bucket, files[i].Key)!.Value.Content;
            using var to = File.Create(Path.Combine(folder, $"{i}.parquet"));
            from.CopyTo(to);
        }

        var answers = OfflineRows.Answers(folder, expression);
        Directory.Delete(folder, recursive: true);
        return answers;
    }
}
