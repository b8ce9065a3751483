using System.Text.Json.Nodes;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Cli;

/// <summary>The verbs around the pipelines where there is nothing to answer, to promote or to show.</summary>
public sealed class ApprovalVerbsTests : IAsyncLifetime
{
    private const string Nobody = "12345678-1234-1234-1234-123456789012";
    private readonly LocalAwsFixture _aws = new();

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Theory]
    [InlineData("No approval waits", "approve")]
    [InlineData("No approval waits", "reject", "--words", "no")]
    [InlineData("There is no pipeline none", "approve", "--pipeline", "none")]
    [InlineData("--pipeline none --execution " + Nobody, "models", "decide", "--pipeline", "none", "--execution", Nobody)]
    [InlineData("--pipeline My-mlops-DevMLOpsStack-MLOpsPipeline --execution " + Nobody, "promote", "--execution", Nobody)]
    public async Task What_is_not_there_is_named_in_one_line_with_exit_code_2(string named, params string[] arguments)
    {
        Refusal.Check(await Slipway(arguments), named);
    }

    [Fact]
    public async Task Status_says_what_is_missing_and_how_to_make_it()
    {
        var text = await Slipway("status");
        Assert.True(text.ExitCode == 0, text.ToString());
        Assert.Contains("./slipway setup --full", text.Output, StringComparison.Ordinal);
        Assert.Contains("Endpoint ad-click-prediction-endpoint: not there yet", text.Output, StringComparison.Ordinal);
        var json = JsonNode.Parse((await Slipway("status", "--json")).Output)!;
        Assert.Empty(json["commits"]!.AsArray());
        Assert.Null(json["endpoint"]!["status"]);
    }

    private Task<Command> Slipway(params string[] arguments) => Command.Slipway(arguments, _aws.Environment);
}
