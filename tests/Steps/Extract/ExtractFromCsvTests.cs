using System.Security.Cryptography;

namespace Slipway.Tests.Steps.Extract;

public sealed class ExtractFromCsvTests
{
    private const string Header = "id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click\n";

    [Fact]
    public async Task The_rows_come_typed_in_order_of_the_identifier_and_without_personal_data()
    {
        using var run = new StepRun();
        run.Write("input/csv/ads.csv", Header + "1,Ann,22.0,Male,,Top,,,1\n2,Bob,,,,,,,0\n1,Ann,22,Male,,Top,,,1\n");

        await run.DoneAsync("extract", "--source", "csv", "--as-of", "2026-01-01T00:00:00Z");

        Assert.Equal(
            ["record_id VARCHAR", "event_time VARCHAR", "id VARCHAR", "age DOUBLE", "gender VARCHAR", "device_type VARCHAR",
             "ad_position VARCHAR", "browsing_history VARCHAR", "time_of_day VARCHAR", "click BIGINT"],
            run.Query("SELECT column_name || ' ' || column_type FROM (DESCRIBE SELECT * FROM {0})", "data/data.parquet").Select(row => row[0]));
        var rows = run.Query("SELECT * FROM {0}", "data/data.parquet");
        Assert.Equal(rows.Select(row => row[0]).Order(), rows.Select(row => row[0]));
        Assert.Equal(3, rows.Count);
        Assert.All(rows, row => Assert.Equal("2026-01-01T00:00:00Z", row[1]));
        Assert.Equal(2, rows.Count(row => row[2] is "1" && row[3] is 22.0 && row[4] is "Male" && row[5] is null && row[6] is "Top" && row[9] is 1L));
        Assert.DoesNotContain("Ann"u8.ToArray(), File.ReadAllBytes(run.Output("data/data.parquet")).AsSpan());
    }

    [Fact]
    public async Task The_lineage_names_the_file_and_the_hashes()
    {
        using var run = new StepRun();
        run.Write("input/csv/ads.csv", Header + "1,Ann,22.0,Male,,Top,,,1\n");

        await run.DoneAsync("extract", "--source", "csv");

        var lineage = run.Json("lineage/lineage.json");
        Assert.Equal("csv", (string?)lineage["source"]);
        Assert.Equal("2026-01-02T03:04:05Z", (string?)lineage["as_of"]);
        Assert.Equal(1, (int?)lineage["data"]!["rows"]);
        Assert.Equal(Hash(run.Output("data/data.parquet")), (string?)lineage["data"]!["sha256"]);
        Assert.Equal("ads.csv", (string?)lineage["objects"]![0]!["key"]);
        Assert.Equal(Hash(Path.Combine(run.Root, "processing/input/csv/ads.csv")), (string?)lineage["objects"]![0]!["sha256"]);
    }

    [Fact]
    public async Task Bad_rows_fail_the_step_and_are_listed_by_line()
    {
        using var run = new StepRun();
        run.Write("input/csv/ads.csv", Header + "1,Ann,old,Male,,Top,,,1\n2,Bob,,,,,,,0\n3,Cy,,Man,,,,,1\n");

        Assert.Equal(1, await run.RunAsync("extract", "--source", "csv"));

        Assert.Equal(
            "Rows that can't be read: 2. Their first faults:\nads.csv, line 2: 'age': 'old' is not a number.\nads.csv, line 4: 'gender': 'Man' is not one of its values: Female, Male, Non-Binary.",
            run.Message);
        Assert.False(File.Exists(run.Output("data/data.parquet")));
    }

    [Theory]
    [InlineData("--source", "excel", "--source must be offline-store or csv; it is 'excel'.")]
    [InlineData("--as-of", "yesterday", "--as-of must be a time like 2026-01-31T23:59:59Z; it is 'yesterday'.")]
    public async Task A_wrong_setting_fails_the_step_with_what_is_allowed(string argument, string value, string message)
    {
        using var run = new StepRun();

        Assert.Equal(1, await run.RunAsync("extract", argument, value));

        Assert.Equal(message, run.Message);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("extract", "--colour")]
    [InlineData("extract", "--source")]
    [InlineData("extrapolate")]
    [InlineData]
    public async Task A_wrong_command_line_is_refused_with_exit_code_2(params string[] args)
    {
        using var run = new StepRun();

        Assert.Equal(2, await run.RunAsync(args));
        Assert.NotEmpty(run.Error);
    }

    private static string Hash(string path) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)));
}
