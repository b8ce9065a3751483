using Slipway.Steps.Data;
using Slipway.Steps.Extract;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Steps.Extract;

public sealed class OfflineStoreFilesTests
{
    private static readonly DataSetSpecification Specification = DataSetSpecification.Parse("""
        name: churn
        record_identifier: { column: customer }
        event_time: { column: "at" }
        label: { column: left }
        features: [ { number: months } ]
        """);

    private static async Task<List<string>> NewestAsOf(string asOf, params string[] files)
    {
        using var duck = new Duck();
        var paths = files.Select((rows, i) =>
        {
            var path = Path.Combine(duck.Scratch, $"{i}.parquet");
            duck.Execute($"COPY ({rows}) TO '{path}' (FORMAT parquet)");
            return path;
        }).ToList();
        OfflineStoreFiles.CreateView(duck, Specification, paths);
        var output = Path.Combine(duck.Scratch, "data.parquet");
        await ExtractStep.WriteAsync(duck, Specification, DateTimeOffset.Parse(asOf), output);
        return [.. duck.Rows($"SELECT customer || ' ' || coalesce(months::VARCHAR, '-') || ' ' || \"left\" AS row FROM '{output}'").Select(row => (string)row["row"]!)];
    }

    private static string Row(string customer, string at, string months, int left = 0, string called = "2026-01-01", bool deleted = false) =>
        $"SELECT '{customer}' AS customer, '{at}' AS \"at\", {months} AS months, {left}::BIGINT AS \"left\", TIMESTAMP '2026-01-01' AS write_time, TIMESTAMP '{called}' AS api_invocation_time, {deleted} AS is_deleted";

    private static string Rows(params string[] rows) => string.Join(" UNION ALL ", rows);

    [Fact]
    public async Task The_newest_record_of_each_identifier_counts() => Assert.Equal(["a 2.0 1", "b 3.0 0"], await NewestAsOf("2026-02-01",
        Rows(Row("b", "2026-01-01T00:00:00Z", "3.0"), Row("a", "2026-01-02T00:00:00Z", "2.0", left: 1)),
        Row("a", "2026-01-01T00:00:00Z", "1.0")));

    [Fact]
    public async Task Records_after_the_point_in_time_do_not_count() => Assert.Equal(["a 1.0 0"], await NewestAsOf("2026-01-01T12:00:00Z",
        Rows(Row("a", "2026-01-01T12:00:00Z", "1.0"), Row("a", "2026-01-01T12:00:00.500Z", "2.0"), Row("b", "2026-01-03T00:00:00Z", "3.0"))));

    [Fact]
    public async Task Milliseconds_come_after_the_whole_second() => Assert.Equal(["a 2.0 0"], await NewestAsOf("2026-02-01",
        Rows(Row("a", "2026-01-01T12:00:00Z", "1.0"), Row("a", "2026-01-01T12:00:00.500Z", "2.0"))));

    [Fact]
    public async Task Of_records_of_one_event_time_the_last_call_counts() => Assert.Equal(["a 2.0 0"], await NewestAsOf("2026-02-01",
        Rows(Row("a", "2026-01-01T00:00:00Z", "2.0", called: "2026-01-03"), Row("a", "2026-01-01T00:00:00Z", "1.0", called: "2026-01-02"))));

    [Fact]
    public async Task A_deleted_record_is_gone_until_it_is_put_again() => Assert.Equal(["b 2.0 0"], await NewestAsOf("2026-02-01", Rows(
        Row("a", "2026-01-01T00:00:00Z", "1.0"), Row("a", "2026-01-02T00:00:00Z", "NULL", deleted: true),
        Row("b", "2026-01-01T00:00:00Z", "NULL", deleted: true), Row("b", "2026-01-02T00:00:00Z", "2.0"))));

    [Fact]
    public async Task A_feature_that_older_files_lack_is_unknown_there() => Assert.Equal(["a - 0", "b 2.0 0"], await NewestAsOf("2026-02-01",
        $"SELECT * EXCLUDE (months) FROM ({Row("a", "2026-01-01T00:00:00Z", "1.0")})", Row("b", "2026-01-01T00:00:00Z", "2.0")));

    [Fact]
    public async Task Files_that_are_no_offline_stores_are_refused() => Assert.Equal(
        "The offline store's files have no column 'write_time'.",
        (await Assert.ThrowsAsync<StepFailedException>(() => NewestAsOf("2026-02-01", "SELECT 'a' AS customer, 'b' AS \"at\""))).Message);
}
