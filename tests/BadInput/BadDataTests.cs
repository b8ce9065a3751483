using Slipway.Tests.Steps;

namespace Slipway.Tests.BadInput;

/// <summary>Data that is read without a fault and can't be learned from, through the worker's own front door.</summary>
public sealed class BadDataTests
{
    private const string Header = "id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click\n";

    public static TheoryData<string, string, string, string> Cases => new()
    {
        {
            "a label outside 0 and 1", Rows(3, i => $"{i},A,30,Male,,Top,,,{i}"), "extract",
            "Rows that can't be read: 1. Their first faults:\ndata.csv, line 4: 'click': '2' is not the label's positive ('1') or negative ('0') value."
        },
        {
            "a category that is not known", Rows(2, i => $"{i},A,30,{(i == 0 ? "Male" : "male")},,Top,,,{i}"), "extract",
            "Rows that can't be read: 1. Their first faults:\ndata.csv, line 3: 'gender': 'male' is not one of its values: Female, Male, Non-Binary."
        },
        { "a header and no rows", Header, "extract", "There are no rows as of 2026-01-02T03:04:05Z." },
        { "an empty file", "", "extract", "data.csv, line 1: the file is empty; it needs a header line with the columns' names." },
        {
            "one class only", Rows(20, i => $"{i},A,{20 + i},Male,,Top,,,1"), "validate",
            "The data can't be used. All rows have the same label: there is nothing to learn in 'click'."
        },
        {
            "no rows left after the split", Rows(2, i => $"{i},A,{20 + i},Male,,Top,,,{i}"), "preprocess",
            "The split leaves no rows for validation; there is too little data for the shares in the specification."
        },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task The_step_that_can_tell_fails_and_says_why(string name, string csv, string step, string message)
    {
        Assert.NotEmpty(name);
        using var run = new StepRun();
        run.Write("input/csv/data.csv", csv);
        foreach (var before in new[] { "extract", "validate", "preprocess" }.TakeWhile(s => s != step))
        {
            await Extract(run, before);
        }

        Assert.Equal(1, await run.RunAsync(step == "extract" ? [step, "--source", "csv"] : [step]));
        Assert.Equal(message, run.Message);
        Assert.Equal($"{step} failed: {message}\n", run.Error);
    }

    [Fact]
    public async Task A_feature_of_one_value_is_a_warning_by_its_name()
    {
        using var run = await new StepRun().ExtractAsync(Rows(2000, i => $"{i},A,30,Male,,Top,,,{i % 2}"));
        await run.DoneAsync("validate");
        Assert.Contains("warning: 'age' has one value wherever it is known.\n", run.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains("warning: 'gender' has one value wherever it is known.\n", run.Log.ToString(), StringComparison.Ordinal);
        Assert.Contains("warning: 'device_type' has no known value.\n", run.Log.ToString(), StringComparison.Ordinal);
    }

    private static async Task Extract(StepRun run, string step)
    {
        await run.DoneAsync(step == "extract" ? [step, "--source", "csv"] : [step]);
        if (step == "extract")
        {
            run.Pass("data");
        }
    }

    private static string Rows(int count, Func<int, string> row) => Header + string.Concat(Enumerable.Range(0, count).Select(i => row(i) + "\n"));
}
