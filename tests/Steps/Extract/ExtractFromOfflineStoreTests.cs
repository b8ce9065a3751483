using System.Security.Cryptography;
using Amazon.S3;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;

namespace Slipway.Tests.Steps.Extract;

public sealed class ExtractFromOfflineStoreTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private StepRun Run(string featureGroup)
    {
        var run = new StepRun();
        foreach (var (name, value) in aws.Environment)
        {
            run.Variables[name] = value;
        }
        run.Variables["FEATURE_GROUP_NAME"] = featureGroup;
        return run;
    }

    [Fact]
    public async Task The_lineage_names_each_object_with_its_version_and_hash_and_a_point_in_time_gives_the_rows_of_then()
    {
        using var session = new AwsSession(aws.Server.Endpoint, aws.Credentials, "us-east-1");
        await session.S3.PutBucketAsync("lineage");
        await session.S3.PutBucketVersioningAsync(new() { BucketName = "lineage", VersioningConfig = new() { Status = VersionStatus.Enabled } });
        var first = await LoadAsync(session, 40, new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await LoadAsync(session, 60, new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero));
        using var now = Run(first.FeatureGroupName);
        using var then = Run(first.FeatureGroupName);

        await now.DoneAsync("extract", "--as-of", "2026-03-01T00:00:00Z");
        await then.DoneAsync("extract", "--as-of", "2026-01-15T00:00:00Z");

        var (later, earlier) = (now.Json("lineage/lineage.json"), then.Json("lineage/lineage.json"));
        Assert.Equal((60, 40), ((int)later["data"]!["rows"]!, (int)earlier["data"]!["rows"]!));
        Assert.Equal((40L, 40L), ((long)then.Query("SELECT count(*) FROM {0}", "data/data.parquet")[0][0]!,
            (long)then.Query("SELECT count(*) FROM {0} WHERE event_time = '2026-01-01T00:00:00Z'", "data/data.parquet")[0][0]!));
        Assert.True(later["objects"]!.AsArray().Count >= 2);
        foreach (var read in later["objects"]!.AsArray())
        {
            using var stored = await session.S3.GetObjectAsync((string)read!["bucket"]!, (string)read["key"]!, (string)read["version_id"]!);
            Assert.Equal((string)read["version_id"]!, stored.VersionId);
            using var content = new MemoryStream();
            await stored.ResponseStream.CopyToAsync(content);
            Assert.Equal((string)read["sha256"]!, Convert.ToHexStringLower(SHA256.HashData(content.ToArray())));
            Assert.Equal((long)read["size"]!, content.Length);
        }
    }

    [Fact]
    public async Task A_feature_group_that_is_not_there_fails_the_step()
    {
        using var run = Run("absent");

        Assert.Equal(1, await run.RunAsync("extract"));

        Assert.StartsWith("The feature group absent can't be read: ", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feature_group_without_an_offline_store_fails_the_step()
    {
        await aws.Aws.Send(new CreateFeatureGroup("online-only", "record_id", "event_time",
            [new FeatureDefinition("record_id", FeatureType.String), new FeatureDefinition("event_time", FeatureType.String)],
            new OnlineStoreConfig(EnableOnlineStore: true)));
        using var run = Run("online-only");

        Assert.Equal(1, await run.RunAsync("extract"));

        Assert.Equal("The feature group online-only has no offline store to extract from.", run.Message);
    }

    private async Task<IngestResult> LoadAsync(AwsSession session, int rows, DateTimeOffset eventTime)
    {
        using var folder = new TemporaryCsv(rows);
        return await Slipway.Workflow.Ingest.Ingest.Run(
            session,
            new() { CsvPath = folder.Path, Specification = DataSetSpecification.AdClick, Bucket = "lineage", RoleArn = aws.RoleArn, Bulk = true, EventTime = eventTime },
            null, TimeProvider.System, TestContext.Current.CancellationToken);
    }

    private sealed class TemporaryCsv : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;

        public TemporaryCsv(int rows) => File.WriteAllLines(Path, Enumerable.Range(0, rows).Select(i => $"{i},User{i},{18 + (i % 47)}.0,Female,Mobile,Top,News,Night,{i % 2}")
            .Prepend("id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click"));

        public string Path => System.IO.Path.Combine(_folder, "ads.csv");

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
