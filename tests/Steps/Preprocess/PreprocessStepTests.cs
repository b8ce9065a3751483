using System.Text;
using Slipway.Tests.Workflow.DataSets;
using Slipway.Workflow.DataSets;
using Encoder = Slipway.Workflow.DataSets.Encoder;

namespace Slipway.Tests.Steps.Preprocess;

public sealed class PreprocessStepTests
{
    private static readonly string[] Parts = ["train", "validation", "test"];

    internal static string Sample(int rows)
    {
        using var stream = new MemoryStream();
        SampleData.Write(stream, rows, seed: 5);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [Fact]
    public async Task Training_and_serving_see_the_same_inputs_on_every_row_of_the_sample() => await SameOnEveryRow(Sample(5000));

    [Fact]
    public async Task Training_and_serving_see_the_same_inputs_on_every_row_of_the_real_data() =>
        await SameOnEveryRow(await File.ReadAllTextAsync(Repository.RequireAdClickCsv()));

    // Serving begins from the CSV's own texts; training from the step's files, through SQL.
    private static async Task SameOnEveryRow(string csv)
    {
        using var run = await new StepRun().ExtractAsync(csv);
        await run.DoneAsync("preprocess");
        var trained = Parts.SelectMany(part => run.Query("SELECT * FROM {0}", $"{part}/{part}.parquet"))
            .ToDictionary(row => (string)row[10]!, row => row.Take(8).Select(value => (float)value!).ToArray());

        var encoder = Encoder.Load(run.Output("encoder/encoder.json"));
        var lines = csv.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = lines[0].Trim().Split(',');
        var fields = lines.Skip(1).Select(line => line.Trim().Split(',')).ToList();
        var identifiers = ReadRow.All(new MemoryStream(Encoding.UTF8.GetBytes(csv)), DataSetSpecification.AdClick, "a.csv").Select(row => row.Values[0]!).ToList();

        Assert.Equal(fields.Count, trained.Count);
        Assert.All(fields.Zip(identifiers), row =>
        {
            var served = encoder.Encode(header.Zip(row.First).ToDictionary(pair => pair.First, pair => (string?)pair.Second));
            Assert.Equal(trained[row.Second], served);
            encoder.Check(served);
        });
    }

    [Fact]
    public async Task Auto_keeps_every_user_on_one_side_and_says_so()
    {
        using var run = await new StepRun().ExtractAsync(Sample(5000));
        await run.DoneAsync("preprocess");

        var users = Parts.Select(part => run.Query("SELECT DISTINCT __group FROM {0}", $"{part}/{part}.parquet").Select(row => row[0]).ToHashSet()).ToList();
        Assert.Empty(users[0].Intersect(users[1]).Concat(users[0].Intersect(users[2])).Concat(users[1].Intersect(users[2])));
        var split = run.Json("split/split.json");
        Assert.Equal("group", (string?)split["strategy"]);
        Assert.Equal(0, (int?)split["leakage"]!["copies_across_split"]);
        Assert.Equal(0, (int?)split["leakage"]!["groups_across_split"]);
        Assert.InRange((int)split["rows"]!["train"]!, 3200, 3800);
        Assert.Equal(5000, Parts.Sum(part => (int)split["rows"]![part]!));
    }

    [Fact]
    public async Task A_random_split_of_the_real_data_is_reported_as_leaking()
    {
        using var run = await new StepRun().ExtractAsync(await File.ReadAllTextAsync(Repository.RequireAdClickCsv()));
        await run.DoneAsync("preprocess", "--split", "random");

        var split = run.Json("split/split.json");
        Assert.Equal("random", (string?)split["strategy"]);
        var leakage = split["leakage"]!;
        Assert.Equal(2853, (int?)leakage["exact_copies"]);
        Assert.Equal(4000, (int?)leakage["groups"]);
        // Counted from the written files by other means: held-out rows that are equal in content to a row of train.
        var files = string.Join(" UNION ALL ", Parts.Select(part => $"SELECT '{part}' AS part, left(__row, 32) AS content FROM read_parquet('{run.Output($"{part}/{part}.parquet")}')"));
        var across = StepRun.Sql($"WITH r AS ({files}) SELECT count(*) FROM r WHERE part <> 'train' AND content IN (SELECT content FROM r WHERE part = 'train')")[0][0];
        Assert.Equal(across, (long)leakage["copies_across_split"]!);
        Assert.InRange((long)leakage["copies_across_split"]!, 500, 2000);
        Assert.Equal((long)leakage["repeating_groups"]!, (long)leakage["repeating_groups_of_one_label"]!);
    }

    [Fact]
    public async Task The_same_data_gives_the_same_bytes_again()
    {
        async Task<List<string>> Files()
        {
            using var run = await new StepRun().ExtractAsync(Sample(20_000));
            await run.DoneAsync("preprocess");
            return [.. Parts.Select(part => Convert.ToBase64String(File.ReadAllBytes(run.Output($"{part}/{part}.parquet"))))];
        }

        Assert.Equal(await Files(), await Files());
    }

    [Fact]
    public async Task A_split_by_time_trains_on_the_oldest_rows()
    {
        const string Specification = """
            name: churn
            record_identifier: { column: customer }
            event_time: { column: at }
            label: { column: left }
            features: [ { number: months } ]
            split: { strategy: time }
            """;
        var csv = "customer,at,months,left\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"c{i * 37 % 100},2026-01-01T{i % 24:00}:{i % 60:00}:00Z,{i},{i % 2}\n"));
        using var run = await new StepRun(Specification).ExtractAsync(csv);
        await run.DoneAsync("preprocess");

        var data = $"read_parquet('{Path.Combine(run.Root, "processing/input/data/data.parquet")}')";
        var spans = Parts.Select(part => StepRun.Sql($"SELECT min(\"at\"), max(\"at\"), count(*) FROM {data} WHERE customer IN (SELECT __row FROM read_parquet('{run.Output($"{part}/{part}.parquet")}'))")[0]).ToList();
        Assert.True(string.CompareOrdinal((string)spans[0][1]!, (string)spans[1][0]!) < 0);
        Assert.True(string.CompareOrdinal((string)spans[1][1]!, (string)spans[2][0]!) < 0);
        Assert.InRange((long)spans[0][2]!, 65, 75);
    }

    [Fact]
    public async Task Rows_of_one_event_time_can_not_be_split_by_time()
    {
        using var run = await new StepRun().ExtractAsync(Sample(100));

        Assert.Equal(1, await run.RunAsync("preprocess", "--split", "time"));

        Assert.StartsWith("The rows can't be split by time: too many have the same event time.", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_is_not_allowed_ends_the_step_naming_column_and_value()
    {
        using var run = await new StepRun().ExtractAsync(Sample(1000));
        run.Write("input/specification/specification.yaml", DataSetSpecification.AdClickYaml.Replace("Tablet", "Watch", StringComparison.Ordinal));

        Assert.Equal(1, await run.RunAsync("preprocess"));

        Assert.Contains("'device_type': 'Tablet' is not one of its values.", run.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_of_another_form_than_the_specification_is_refused()
    {
        using var run = await new StepRun().ExtractAsync(Sample(1000));
        run.Write("input/specification/specification.yaml", DataSetSpecification.AdClickYaml + "\n  - number: income\n");

        Assert.Equal(1, await run.RunAsync("preprocess"));

        Assert.Equal("The data has no column 'income'.", run.Message);
    }
}
