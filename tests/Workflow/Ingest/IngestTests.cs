using System.Text;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.FeatureStore;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Ingest;

namespace Slipway.Tests.Workflow.Ingest;

/// <summary>Loading CSVs into local AWS, through AWS's API alone.</summary>
public sealed class IngestTests : IAsyncLifetime
{
    private const string Bucket = "data";

    private const string Timed = """
        name: visits
        record_identifier: { column: visit }
        event_time: { column: at }
        label: { column: bought }
        personal_data: [email]
        features:
          - number: age
            min: 0
            max: 120
        """;

    private readonly LocalAwsFixture _aws = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private AwsSession _session = null!;

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _session = new AwsSession(_aws.Server.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        await _session.S3.PutBucketAsync(Bucket);
    }

    public async ValueTask DisposeAsync()
    {
        _session.Dispose();
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Loading_twice_loads_nothing_twice()
    {
        var options = Sample(300);
        var first = await Run(options with { EventTime = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero) });
        Assert.Equal((300, 0, 300, 0), (first.RowsRead, first.RowsBad, first.RowsNew, first.RowsThere));
        var second = await Run(options);
        Assert.Equal((300, 0, 300), (second.RowsRead, second.RowsNew, second.RowsThere));
        Assert.Equal("2026-01-02T03:04:05Z", EventTimes.Format(second.EventTime!.Value));
        var rows = await Offline(first.FeatureGroupName, "record_id || ' ' || event_time");
        Assert.Equal(300, rows.Distinct().Count());
        Assert.Equal(300, rows.Count);
        Assert.All(rows, row => Assert.EndsWith(" 2026-01-02T03:04:05Z", row, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Personal_data_never_leaves_the_CSV()
    {
        var result = await Run(Sample(50));
        Assert.Equal(["full_name"], result.LeftOut);
        Assert.Equal($"s3://{Bucket}/datasets/sample.csv", result.CsvUri);
        using var uploaded = await _session.S3.GetObjectAsync(Bucket, "datasets/sample.csv");
        using var reader = new StreamReader(uploaded.ResponseStream);
        var lines = (await reader.ReadToEndAsync()).TrimEnd('\n').Split('\n');
        Assert.Equal("id,age,gender,device_type,ad_position,browsing_history,time_of_day,click", lines[0]);
        Assert.Equal(51, lines.Length);
        Assert.DoesNotContain(lines, line => line.Contains("User", StringComparison.Ordinal));
        var group = await _session.Aws.Send(new DescribeFeatureGroup(result.FeatureGroupName));
        Assert.DoesNotContain(group.FeatureDefinitions, f => f.FeatureName == "full_name");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Personal_data_is_in_no_object_no_table_and_no_log(bool bulk)
    {
        // names that no hash and no random text has; the names of Parquet's columns stand in its files as they are, and the
        // copy of the CSV shows that the search finds what was loaded
        var rows = Enumerable.Range(1, 50).Select(i => $"{i},Zyxwvut Personally{i},30,Female,Mobile,Top,Shopping,Night,{i % 2}");
        var options = Csv(["id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click", .. rows, "51,Zyxwvut Personally51,old,,,,,,1"]);

        var loaded = await Run(options with { Bulk = bulk, SkipBadRows = true });

        Assert.Equal((51, 50, 1), (loaded.RowsRead, loaded.RowsNew, loaded.RowsBad));
        // while it is stopped, so that nothing is on its way into a file
        string[] found = [], personal = [];
        await _aws.Restart(() =>
        {
            var files = Directory.GetFiles(_aws.DataDirectory, "*", SearchOption.AllDirectories);
            found = [.. files.Where(file => Holds(file, "Shopping"))];
            personal = [.. files.Where(file => Holds(file, "Zyxwvut") || Holds(file, "full_name"))];
        });
        Assert.NotEmpty(found);
        Assert.Empty(personal);
    }

    [Fact]
    public async Task Bad_rows_stop_the_load_before_anything_is_written()
    {
        var options = Csv("id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click", "1,U,30,Female,,,,,1", "2,U,old,Female,,,,,1", "3,U,30,Robot,,,,,2");
        var refused = await Assert.ThrowsAsync<IngestException>(() => Run(options));
        Assert.Equal(2, refused.BadRows);
        Assert.Equal([(3L, "age"), (4L, "gender"), (4L, "click")], refused.Errors.Select(e => (e.Line, e.Column)));
        Assert.Empty((await _session.Aws.Send(new ListFeatureGroups())).FeatureGroupSummaries);
        Assert.Null((await _session.S3.ListObjectsV2Async(new() { BucketName = Bucket })).S3Objects);

        var skipped = await Run(options with { SkipBadRows = true });
        Assert.Equal((3, 2, 1), (skipped.RowsRead, skipped.RowsBad, skipped.RowsNew));
        Assert.Equal(["id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click", "2,U,old,Female,,,,,1", "3,U,30,Robot,,,,,2"], await File.ReadAllLinesAsync(skipped.BadRowsPath!));
        Assert.Single(await Offline(skipped.FeatureGroupName, "record_id"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_load_that_was_stopped_goes_on_where_it_was(bool bulk)
    {
        var options = Sample(1000) with { RowsPerBlock = 300, Bulk = bulk };
        using var stop = new CancellationTokenSource();
        var progress = new Progress((p) =>
        {
            if (p is { Phase: "load", Done: >= 500 })
            {
                stop.Cancel();
            }
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Slipway.Workflow.Ingest.Ingest.Run(_session, options, progress, TimeProvider.System, stop.Token));
        var second = await Run(options);
        Assert.InRange(second.RowsThere, 300, 999);
        var rows = await Offline(second.FeatureGroupName, "record_id || ' ' || event_time");
        Assert.Equal(1000, rows.Count);
        Assert.Equal(1000, rows.Distinct().Count());
        Assert.Single(rows.Select(r => r.Split(' ')[1]).Distinct());
    }

    [Fact]
    public async Task A_file_that_grew_loads_what_is_new()
    {
        var options = Sample(100);
        await Run(options with { EventTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await File.AppendAllTextAsync(options.CsvPath, "7,User7,30.0,Female,Mobile,Top,News,Night,1\n");
        var grown = await Run(options with { EventTime = new(2026, 2, 1, 0, 0, 0, TimeSpan.Zero) });
        Assert.Equal((101, 1, 100), (grown.RowsRead, grown.RowsNew, grown.RowsThere));
        Assert.Single(await Offline(grown.FeatureGroupName, "event_time"), time => time == "2026-02-01T00:00:00Z");
    }

    [Fact]
    public async Task A_bulk_load_writes_the_same_offline_rows_and_the_newest_online()
    {
        var options = Csv("visit,at,email,age,bought", "a,2026-01-01T10:00:00Z,x@y,30,1", "a,2026-01-01T12:00:00Z,x@y,31,0", "b,2026-01-01T10:30:00.5Z,x@y,,1", "a,2026-01-01T11:00:00Z,x@y,30,0")
            with { Specification = DataSetSpecification.Parse(Timed) };
        var one = await Run(options with { FeatureGroupName = "one" });
        var bulk = await Run(options with { FeatureGroupName = "bulk", Bulk = true });
        Assert.Equal((4, 4), (one.RowsNew, bulk.RowsNew));
        const string row = "concat_ws('|', visit, \"at\", age, bought, is_deleted, typeof(age), typeof(bought), typeof(write_time))";
        var rows = await Offline("one", row);
        Assert.Equal(4, rows.Count);
        Assert.Equal(rows, await Offline("bulk", row));
        foreach (var group in (string[])["one", "bulk"])
        {
            var newest = await _session.Aws.Send(new GetRecord(group, "a"));
            Assert.Contains(newest.Record!, v => v is { FeatureName: "at", ValueAsString: "2026-01-01T12:00:00Z" });
        }

        Assert.Equal(0, (await Run(options with { FeatureGroupName = "bulk", Bulk = true })).RowsNew);
    }

    [Fact]
    public async Task An_offline_only_load_leaves_the_online_store_as_it_is_until_a_bulk_load_puts_it_there_too()
    {
        var options = Sample(700) with { Bulk = true, OfflineOnly = true, RowsPerBlock = 300 };
        var offline = await Run(options with { EventTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        Assert.Equal((700, 0), (offline.RowsNew, offline.RowsThere));
        var before = await Offline(offline.FeatureGroupName, "record_id || ' ' || event_time");
        Assert.Equal(700, before.Distinct().Count());
        var identifiers = new BatchGetRecord([new(offline.FeatureGroupName, [.. before.Take(100).Select(row => row.Split(' ')[0])])]);
        Assert.Empty((await _session.Aws.Send(identifiers)).Records);
        Assert.Equal(700, (await Run(options)).RowsThere);

        var refused = await Assert.ThrowsAsync<IngestException>(() => Run(options with { Bulk = false, OfflineOnly = false }));
        Assert.Contains("--bulk", refused.Message, StringComparison.Ordinal);
        Assert.Equal(700, (await Run(options with { OfflineOnly = false })).RowsNew);
        Assert.Equal(100, (await _session.Aws.Send(identifiers)).Records.Count);
        Assert.Equal(before, await Offline(offline.FeatureGroupName, "record_id || ' ' || event_time"));
    }

    [Fact]
    public async Task One_identifier_at_one_time_is_one_record()
    {
        var options = Csv("visit,at,email,age,bought", "a,2026-01-01T10:00:00Z,x@y,30,1", "a,2026-01-01T10:00:00Z,x@y,31,0") with { Specification = DataSetSpecification.Parse(Timed) };
        var refused = await Assert.ThrowsAsync<IngestException>(() => Run(options));
        Assert.Contains("'a' came before at the same time", Assert.Single(refused.Errors).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_feature_group_is_extended_by_new_features_and_refused_where_types_differ()
    {
        var options = Csv("visit,at,email,age,bought", "a,2026-01-01T10:00:00Z,x@y,30,1") with { Specification = DataSetSpecification.Parse(Timed) };
        await Run(options);
        var wider = Csv("visit,at,email,age,bought,shop", "b,2026-01-01T10:00:00Z,x@y,30,1,north") with
        {
            Specification = DataSetSpecification.Parse(Timed + "\n  - category: shop\n    values: [north, south]"),
        };
        Assert.Equal(1, (await Run(wider)).RowsNew);
        Assert.Equal(["a ", "b north"], await Offline("visits-feature-group", "visit || ' ' || COALESCE(shop, '')"));
        var other = wider with { Specification = DataSetSpecification.Parse(Timed + "\n  - number: shop") };
        var refused = await Assert.ThrowsAsync<IngestException>(() => Run(other));
        Assert.Contains("'shop' is String there and Fractional in the specification", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_does_not_exist_is_named()
    {
        var refused = await Assert.ThrowsAsync<IngestException>(() => Run(Sample(1) with { Bucket = "absent-bucket" }));
        Assert.Contains("absent-bucket", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_AWS_refuses_is_told_though_the_copy_is_still_on_its_way()
    {
        var refused = await Assert.ThrowsAsync<AwsException>(() => Run(Sample(100) with { RoleArn = "nobody" }));
        Assert.Equal("ValidationException", refused.Code);
        Assert.Contains("roleArn", refused.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_real_ad_click_data_set_loads_whole()
    {
        var options = Sample(1) with { CsvPath = Repository.RequireAdClickCsv() };
        var result = await Run(options);
        Assert.Equal((10_000, 10_000), (result.RowsRead, result.RowsNew));
        var rows = await Offline(result.FeatureGroupName, "record_id || ' ' || click");
        Assert.Equal(10_000, rows.Distinct().Count());
        Assert.Equal(6500, rows.Count(r => r.EndsWith(" 1", StringComparison.Ordinal)));
    }

    private Task<IngestResult> Run(IngestOptions options) =>
        Slipway.Workflow.Ingest.Ingest.Run(_session, options, null, TimeProvider.System, TestContext.Current.CancellationToken);

    private IngestOptions Sample(int rows)
    {
        var path = Path.Combine(_folder, "sample.csv");
        using var file = File.Create(path);
        SampleData.Write(file, rows, 1);
        return Options(path);
    }

    private IngestOptions Csv(params string[] lines)
    {
        var path = Path.Combine(_folder, "rows.csv");
        File.WriteAllLines(path, lines);
        return Options(path);
    }

    private IngestOptions Options(string path) =>
        new() { CsvPath = path, Specification = DataSetSpecification.AdClick, Bucket = Bucket, RoleArn = _aws.RoleArn };

    private async Task<List<string>> Offline(string group, string expression)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, Path.GetRandomFileName())).FullName;
        await OfflineRows.Download(_session, group, folder);
        return OfflineRows.Answers(folder, expression);
    }

    private static bool Holds(string file, string text) => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;

    private sealed class Progress(Action<IngestProgress> report) : IProgress<IngestProgress>
    {
        public void Report(IngestProgress value) => report(value);
    }
}
