using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.Tests.LocalAws.EventBridge;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>What EventBridge is told of executions.</summary>
public sealed class PipelineEventTests : PipelineTestBase
{
    [Fact]
    public async Task Each_change_of_an_execution_is_one_event_in_AWS_s_form()
    {
        var seen = await SeenEvents.Watch(Fixture);
        await Lab.Zip("told", "source.zip", "a.txt", "1");
        var id = await Lab.Create(Pipeline("told", new("Source", [FromS3("told", "source.zip")]), new("ApprovalStage", [Approval()])));
        await Lab.Answer("told", await Lab.Token("told", id), ApprovalStatus.Rejected, "too slow");
        await Lab.Ended("told", id);
        await Fixture.Aws.Send(new RetryStageExecution("told", "ApprovalStage", id, "FAILED_ACTIONS"));
        await Lab.Answer("told", await Lab.Token("told", id));
        await Lab.Ended("told", id);
        var events = (await seen.All()).Where(e => (string)e["source"]! == "aws.codepipeline").ToList();
        Assert.Equal(
            [
                "Pipeline STARTED", "Stage Source STARTED", "Action Source STARTED", "Action Source SUCCEEDED", "Stage Source SUCCEEDED",
                "Stage ApprovalStage STARTED", "Action ManualApproval STARTED", "Action ManualApproval FAILED", "Stage ApprovalStage FAILED", "Pipeline FAILED",
                "Pipeline RESUMED", "Stage ApprovalStage RESUMED", "Action ManualApproval STARTED", "Action ManualApproval SUCCEEDED", "Stage ApprovalStage SUCCEEDED", "Pipeline SUCCEEDED",
            ],
            events.Select(Line));
        var rejected = events[7];
        Assert.Equal(["arn:aws:codepipeline:us-east-1:000000000000:told"], rejected["resources"]!.AsArray().Select(r => (string)r!));
        var detail = rejected["detail"]!;
        Assert.Equal(("told", id, 1, 1), ((string)detail["pipeline"]!, (string)detail["execution-id"]!, (int)detail["version"]!, (int)detail["pipeline-execution-attempt"]!));
        Assert.Equal(("AWS", "Approval", "Manual", "1"), ((string)detail["type"]!["owner"]!, (string)detail["type"]!["category"]!, (string)detail["type"]!["provider"]!, (string)detail["type"]!["version"]!));
        Assert.Equal(("too slow", "JobFailed"), ((string)detail["execution-result"]!["external-execution-summary"]!, (string)detail["execution-result"]!["error-code"]!));
        Assert.Equal("SourceArtifact", (string)events[3]["detail"]!["output-artifacts"]![0]!["name"]!);
        Assert.Equal("CreatePipeline", (string)events[0]["detail"]!["execution-trigger"]!["trigger-type"]!);
        Assert.Equal(2, (int)events[^1]["detail"]!["pipeline-execution-attempt"]!);
    }

    private static string Line(JsonNode e)
    {
        var (detail, kind) = (e["detail"]!, ((string)e["detail-type"]!).Split(' ')[1]);
        var name = kind switch { "Stage" => (string)detail["stage"]! + " ", "Action" => (string)detail["action"]! + " ", _ => "" };
        return $"{kind} {name}{detail["state"]}";
    }
}
