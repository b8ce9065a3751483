using Slipway.Tests.Steps.Preprocess;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Steps.Validate;

public sealed class ValidateStepTests
{
    private const string Header = "id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click\n";

    private static List<string> Findings(StepRun run) => [.. run.Json("report/validation.json")["findings"]!.AsArray()
        .Select(finding => $"{finding!["severity"]} {finding["check"]} {finding["column"]}".TrimEnd())];

    [Fact]
    public async Task Good_data_passes_with_a_report_a_page_and_a_baseline()
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(5000));

        await run.DoneAsync("validate");

        var report = run.Json("report/validation.json");
        Assert.True((bool?)report["passed"]);
        Assert.Equal(5000, (int?)report["rows"]);
        Assert.Equal("group", (string?)report["split"]!["strategy"]);
        Assert.DoesNotContain(Findings(run), finding => finding.StartsWith("error", StringComparison.Ordinal));
        var page = await File.ReadAllTextAsync(run.Output("report/validation.html"));
        Assert.Contains("5,000 rows can be used.", page, StringComparison.Ordinal);
        Assert.Contains("aria-label=\"browsing_history\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_columns_are_counted_as_they_are()
    {
        using var run = new StepRun();
        await run.ExtractAsync(Header + "1,a,20,Male,,Top,,,1\n2,b,30.5,,,Top,,,0\n3,c,,Male,,,,,0\n");
        await run.DoneAsync("validate");

        var columns = run.Json("report/validation.json")["columns"]!.AsArray();
        var age = columns[0]!;
        Assert.Equal((2, 1), ((int)age["present"]!, (int)age["missing"]!));
        Assert.Equal((20, 30.5, 25.25, 5.25), ((double)age["number"]!["min"]!, (double)age["number"]!["max"]!, (double)age["number"]!["mean"]!, (double)age["number"]!["std_dev"]!));
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0, 1], age["number"]!["buckets"]!.AsArray().Select(bucket => (double)bucket!["count"]!));
        Assert.Equal("Female 0, Male 2, Non-Binary 0", string.Join(", ", columns[1]!["values"]!.AsArray().Select(value => $"{value!["value"]} {value["count"]}")));
        Assert.Equal("0 2, 1 1", string.Join(", ", columns[6]!["values"]!.AsArray().Select(value => $"{value!["value"]} {value["count"]}")));
        Assert.Contains("warning missing device_type", Findings(run));
        Assert.Contains("warning constant ad_position", Findings(run));
        Assert.Contains("warning size", Findings(run));
    }

    [Fact]
    public async Task Rows_without_a_group_are_an_error_that_names_them_and_preprocess_says_so_too()
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(500));
        var data = Path.Combine(run.Root, "processing", "input", "data", "data.parquet");
        // as records are that others put into the feature group without that feature
        var lost = StepRun.Sql($"SELECT record_id FROM read_parquet('{data}') ORDER BY record_id LIMIT 5").Select(row => (string)row[0]!).ToList();
        StepRun.Sql($"""
            COPY (SELECT * REPLACE (CASE WHEN record_id = '{lost[0]}' THEN '' WHEN record_id <= '{lost[4]}' THEN NULL ELSE id END AS id) FROM read_parquet('{data}')) TO '{data}.new' (FORMAT parquet)
            """);
        File.Move(data + ".new", data, overwrite: true);

        Assert.Equal(1, await run.RunAsync("validate"));
        Assert.Contains("error group id", Findings(run));
        Assert.Contains(
            $"'id': 5 rows have no value; every row needs it, as all rows of one value stay on one side of the split. Such are the records {lost[0]}, {lost[1]}, {lost[2]}.",
            run.Message, StringComparison.Ordinal);
        Assert.Equal(1, await run.RunAsync("preprocess"));
        Assert.Contains("'id' has no value in some row; every row needs it", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_real_data_passes_with_its_leakage_in_plain_words()
    {
        using var run = await new StepRun().ExtractAsync(await File.ReadAllTextAsync(Repository.RequireAdClickCsv()));

        await run.DoneAsync("validate");

        var report = run.Json("report/validation.json");
        Assert.Equal(2853, (int?)report["split"]!["leakage"]!["exact_copies"]);
        Assert.Equal(0, (int?)report["split"]!["leakage"]!["copies_across_split"]);
        Assert.InRange((int)report["random_split"]!["copies_across_split"]!, 500, 2000);
        Assert.Equal(0.65, (double)report["positive_rate"]!);
        var missing = report["columns"]!.AsArray().Select(column => (int)column!["missing"]!);
        Assert.Equal([4766, 4693, 2000, 2000, 4782, 2000, 0], missing);
        var words = run.Log.ToString();
        Assert.Contains("2,853 rows (28.5 %) are exact copies of another row.", words, StringComparison.Ordinal);
        Assert.Contains("repeating values of id has one label on all its rows", words, StringComparison.Ordinal);
        Assert.Contains("A random split would hold out", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_random_split_of_the_real_data_warns_of_copies_that_are_trained_on()
    {
        using var run = await new StepRun().ExtractAsync(await File.ReadAllTextAsync(Repository.RequireAdClickCsv()));

        await run.DoneAsync("validate", "--split", "random");

        Assert.Equal(["warning duplicates", "warning leakage", "warning leakage id", "warning leakage id"], Findings(run));
        Assert.Contains("With the split used (random)", run.Log.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Tablet", "Watch", "error allowed_values device_type", "'device_type': {0} rows have a value that is not one of Desktop, Mobile, Watch, for example 'Tablet'.")]
    [InlineData("max: 100", "max: 30", "error range age", "'age': {0} rows have a value that is outside 18 to 30, for example '31.0'.")]
    [InlineData("positive: 1", "positive: 2", "error label click", "'click': {0} rows have a label that is neither '2' nor '0', for example '1'. All rows have the same label: there is nothing to learn in 'click'.")]
    public async Task Values_that_the_specification_does_not_allow_fail_the_step(string text, string other, string finding, string message)
    {
        var csv = PreprocessStepTests.Sample(1000);
        var bad = csv.Split('\n').Skip(1).Count(line => text switch
        {
            "Tablet" => line.Contains(",Tablet,", StringComparison.Ordinal),
            "positive: 1" => line.EndsWith(",1", StringComparison.Ordinal),
            _ => line.Split(',') is [_, _, { Length: > 0 } age, ..] && double.Parse(age) > 30,
        });
        using var run = await new StepRun().ExtractAsync(csv);
        run.Write("input/specification/specification.yaml", DataSetSpecification.AdClickYaml.Replace(text, other, StringComparison.Ordinal));

        Assert.Equal(1, await run.RunAsync("validate"));

        Assert.Contains(finding, Findings(run));
        Assert.Contains(string.Format(message, bad), run.Message, StringComparison.Ordinal);
        Assert.False((bool?)run.Json("report/validation.json")["passed"]);
        Assert.Contains("The data can&#39;t be used", await File.ReadAllTextAsync(run.Output("report/validation.html")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_that_are_missing_fail_the_step()
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(1000));
        run.Write("input/specification/specification.yaml", DataSetSpecification.AdClickYaml.Replace("category: gender", "category: sex", StringComparison.Ordinal));

        Assert.Equal(1, await run.RunAsync("validate"));

        Assert.Equal("The data can't be used. The data has no column 'sex'.", run.Message);
    }

    [Fact]
    public async Task The_baseline_has_model_monitors_form()
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(2000));
        await run.DoneAsync("validate");

        var statistics = run.Json("baseline/statistics.json");
        Assert.Equal(2000, (int?)statistics["dataset"]!["item_count"]);
        var age = statistics["features"]![0]!;
        Assert.Equal("Fractional", (string?)age["inferred_type"]);
        var buckets = age["numerical_statistics"]!["distribution"]!["kll"]!["buckets"]!.AsArray();
        Assert.Equal((double)age["numerical_statistics"]!["common"]!["num_present"]!, buckets.Sum(bucket => (double)bucket!["count"]!));
        Assert.Equal("Female", (string?)statistics["features"]![1]!["string_statistics"]!["distribution"]!["categorical"]!["buckets"]![0]!["value"]);
        var constraints = run.Json("baseline/constraints.json");
        Assert.True((bool?)constraints["features"]![0]!["num_constraints"]!["is_non_negative"]);
        Assert.Equal(["Female", "Male", "Non-Binary"], constraints["features"]![1]!["string_constraints"]!["domains"]!.AsArray().Select(domain => (string)domain!));
    }

    [Fact]
    public async Task Data_that_is_like_the_baseline_has_not_drifted()
    {
        var drift = await DriftAsync(PreprocessStepTests.Sample(4000));

        Assert.Equal(7, drift.Count);
        Assert.All(drift, column => Assert.InRange(column.Value, 0, 0.02));
    }

    [Fact]
    public async Task A_column_that_has_moved_is_found_and_warned_of()
    {
        var moved = PreprocessStepTests.Sample(4000).Replace(",Mobile,", ",Desktop,", StringComparison.Ordinal);

        var drift = await DriftAsync(moved);

        Assert.InRange(drift["device_type"], 0.2, 10);
        Assert.All(drift.Where(column => column.Key != "device_type"), column => Assert.InRange(column.Value, 0, 0.02));
    }

    private static async Task<Dictionary<string, double>> DriftAsync(string csv)
    {
        using var first = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(5000));
        await first.DoneAsync("validate");
        using var run = await new StepRun().ExtractAsync(csv);
        run.Write("input/baseline/statistics.json", await File.ReadAllTextAsync(first.Output("baseline/statistics.json")));
        await run.DoneAsync("validate");
        var drift = run.Json("report/validation.json")["drift"]!["columns"]!.AsArray()
            .ToDictionary(column => (string)column!["name"]!, column => (double)column!["psi"]!);
        Assert.Equal(drift.Where(column => column.Value > 0.2).Select(column => "warning drift " + column.Key),
            Findings(run).Where(finding => finding.StartsWith("warning drift", StringComparison.Ordinal)));
        return drift;
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not JSON")]
    [InlineData("""{"features":[{"name":"age"}]}""")]
    public async Task A_baseline_of_another_form_fails_the_step(string baseline)
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(1000));
        run.Write("input/baseline/statistics.json", baseline);

        Assert.Equal(1, await run.RunAsync("validate"));
        Assert.StartsWith("The baseline's statistics", run.Message, StringComparison.Ordinal);
    }
}
