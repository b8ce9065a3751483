using System.Text.Json.Nodes;
using Slipway.Tests.LocalAws.CodePipeline;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.Clients;

/// <summary>The manual's <c>aws codepipeline</c> commands, to the letter.</summary>
public sealed class CodePipelineTests : PipelineTestBase
{
    private const string Name = "My-mlops-BaseStack-MLOpsPipeline";

    [Fact]
    public async Task The_manual_s_commands_show_the_pipeline_and_approve_its_execution()
    {
        var cli = new AwsCli(Fixture);
        await Lab.Commit("my-mlops-repo", "a.txt", "1");
        var id = await Lab.Create(Pipeline(Name, new("Source", [FromCodeCommit("my-mlops-repo")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy()])));
        await Lab.Token(Name, id);
        var state = JsonNode.Parse(await cli.Output($"codepipeline get-pipeline-state --name {Name}"))!;
        var stage = state["stageStates"]!.AsArray().Single(s => (string)s!["stageName"]! == "ApprovalStage")!;
        Assert.Equal(id, (string)stage["latestExecution"]!["pipelineExecutionId"]!);
        var token = (string)stage["actionStates"]![0]!["latestExecution"]!["token"]!;
        var before = JsonNode.Parse(await cli.Output($"codepipeline get-pipeline-execution --pipeline-name {Name} --pipeline-execution-id {id}"))!;
        Assert.Equal("InProgress", (string)before["pipelineExecution"]!["status"]!);

        var approved = JsonNode.Parse(await cli.Output(
            $"codepipeline put-approval-result --pipeline-name {Name} --stage-name ApprovalStage --action-name ManualApproval --result summary=\"Approved for deployment\",status=Approved --token {token}"))!;
        Assert.NotNull(approved["approvedAt"]);
        Assert.Equal("Succeeded", (await Lab.Ended(Name, id)).Status.ToString());
        var again = await cli.Run(
            $"codepipeline put-approval-result --pipeline-name {Name} --stage-name ApprovalStage --action-name ManualApproval --result summary=again,status=Approved --token {token}");
        Assert.Contains("(ApprovalAlreadyCompletedException) when calling the PutApprovalResult operation", again.Error, StringComparison.Ordinal);
    }
}
