using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Platform;

/// <summary>The structure of a pipeline: Source → TrainAndRegister → ApprovalStage → Deploy, or → Promote in development.</summary>
internal static class PlatformPipeline
{
    private const string Artifact = "Source";

    /// <summary>The whole structure.</summary>
    /// <param name="names">Production or development.</param>
    /// <param name="role">The role that it acts as.</param>
    /// <param name="bucket">The bucket of its artifacts.</param>
    /// <param name="topic">The topic that is told of an approval that waits.</param>
    public static PipelineDeclaration Declare(PlatformNames names, string role, string bucket, string topic) => new(
        names.Pipeline, role,
        [Source(names), Build(names, StageNames.TrainAndRegister), Approval(names, topic), Build(names, names.LastStage)],
        new("S3", bucket), ExecutionMode: ExecutionMode.SUPERSEDED, PipelineType: PipelineType.V2,
        Variables: [new(BuildVariableNames.NoCache, "false", "true trains anew where nothing that training reads has changed")]);

    /// <summary>Makes the pipeline, or gives it this structure where it has another.</summary>
    public static async Task Ensure(Aws.Client.AwsSession session, PipelineDeclaration wanted, CancellationToken cancellation)
    {
        try
        {
            var found = (await session.Aws.Send(new GetPipeline(wanted.Name), cancellation)).Pipeline;
            if (Json(found with { Version = null }) != Json(wanted))
            {
                await session.Aws.Send(new UpdatePipeline(wanted), cancellation);
            }
        }
        catch (AwsException e) when (e.Code == "PipelineNotFoundException")
        {
            await session.Aws.Send(new CreatePipeline(wanted), cancellation);
        }
    }

    private static string Json(PipelineDeclaration pipeline) => JsonSerializer.Serialize(pipeline, AwsJson.LenientCamel);

    private static StageDeclaration Source(PlatformNames names) => Stage(StageNames.Source, new(
        StageNames.Source, new(ActionCategory.Source, "AWS", "CodeCommit", "1"), 1,
        new Dictionary<string, string>
        {
            ["BranchName"] = PlatformNames.Branch, ["OutputArtifactFormat"] = "CODE_ZIP",
            // the rule that tells of a push starts the pipeline
            ["PollForSourceChanges"] = "false", ["RepositoryName"] = names.Repository,
        },
        OutputArtifacts: [new(Artifact)], InputArtifacts: [], Namespace: "SourceVariables"));

    private static StageDeclaration Build(PlatformNames names, string stage) => Stage(stage, new(
        stage, new(ActionCategory.Build, "AWS", "CodeBuild", "1"), 1,
        new Dictionary<string, string>
        {
            ["EnvironmentVariables"] = new JsonArray(
                Variable(BuildVariableNames.ExecutionId, "#{codepipeline.PipelineExecutionId}"), Variable(BuildVariableNames.NoCache, $"#{{variables.{BuildVariableNames.NoCache}}}")).ToJsonString(),
            ["ProjectName"] = names.Of(stage),
        },
        OutputArtifacts: [], InputArtifacts: [new(Artifact)], Namespace: stage));

    private static StageDeclaration Approval(PlatformNames names, string topic) => Stage(StageNames.Approval, new(
        StageNames.ManualApproval, new(ActionCategory.Approval, "AWS", "Manual", "1"), 1,
        new Dictionary<string, string>
        {
            ["CustomData"] = $"Version #{{{StageNames.TrainAndRegister}.{BuildVariableNames.ModelVersion}}}, AUC #{{{StageNames.TrainAndRegister}.{BuildVariableNames.ModelAuc}}}, "
                + $"commit #{{SourceVariables.CommitId}}. Approve: ./slipway approve --pipeline {names.Pipeline}; reject: ./slipway reject --pipeline {names.Pipeline} --words WHY",
            ["NotificationArn"] = topic,
        },
        OutputArtifacts: [], InputArtifacts: []));

    private static StageDeclaration Stage(string name, ActionDeclaration action) => new(name, [action]);

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value, ["type"] = "PLAINTEXT" };
}
