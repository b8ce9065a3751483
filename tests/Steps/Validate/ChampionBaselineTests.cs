using Slipway.Tests.Steps.Preprocess;

namespace Slipway.Tests.Steps.Validate;

public sealed class ChampionBaselineTests
{
    [Fact]
    public async Task Without_a_model_package_group_nothing_is_compared_and_the_report_says_so()
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(1000));

        await run.DoneAsync("validate");

        var drift = run.Json("report/validation.json")["drift"]!;
        Assert.Null(drift["baseline"]);
        Assert.Equal("There is no champion to compare with: MODEL_PACKAGE_GROUP_NAME names no group.", (string?)drift["words"]);
    }

    [Fact]
    public async Task An_AWS_that_can_not_be_asked_fails_the_step_and_is_never_taken_for_no_champion()
    {
        using var run = await new StepRun().ExtractAsync(PreprocessStepTests.Sample(1000));
        run.Variables["MODEL_PACKAGE_GROUP_NAME"] = "ads";
        // Nobody listens on the discard port.
        run.Variables["AWS_ENDPOINT_URL"] = "http://127.0.0.1:9";
        run.Variables["AWS_ACCESS_KEY_ID"] = run.Variables["AWS_SECRET_ACCESS_KEY"] = "test";

        Assert.Equal(1, await run.RunAsync("validate"));

        Assert.StartsWith("The champion's baseline can't be read: ", run.Message, StringComparison.Ordinal);
    }
}
