using System.Text.Json.Nodes;
using Slipway.Aws.Client;
using Slipway.Aws.EventBridge;

namespace Slipway.Workflow.Platform;

/// <summary>The EventBridge rules: a push starts the pipeline, and a rejection its record.</summary>
internal static class PlatformRules
{
    private const string Target = "1";

    /// <summary>Makes the rules, or gives them these patterns and targets.</summary>
    /// <param name="session">Where AWS is.</param>
    /// <param name="names">Production or development.</param>
    /// <param name="repository">The repository's ARN.</param>
    /// <param name="role">The role that EventBridge starts things as.</param>
    /// <param name="rejection">The ARN of the project that records a rejection.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task Ensure(AwsSession session, PlatformNames names, string repository, string role, string rejection, CancellationToken cancellation)
    {
        var arn = repository.Split(':');
        await Ensure(session, names.Of("Push"), $"A push to {names.Repository} starts {names.Pipeline}.", Push(repository),
            new(Target, $"arn:aws:codepipeline:{arn[3]}:{arn[4]}:{names.Pipeline}", role), cancellation);
        await Ensure(session, names.Of(PlatformProjects.Rejection), $"A rejection in {names.Pipeline} becomes the decision on the model package.", Rejected(names),
            new(Target, rejection, role, InputTransformer: new(
                $$"""{"environmentVariablesOverride":[{"name":"{{BuildVariableNames.ExecutionId}}","value":<execution>,"type":"PLAINTEXT"}]}""",
                new Dictionary<string, string> { ["execution"] = "$.detail.execution-id" })),
            cancellation);
    }

    private static JsonObject Push(string repository) => new()
    {
        ["source"] = new JsonArray("aws.codecommit"),
        ["detail-type"] = new JsonArray("CodeCommit Repository State Change"),
        ["resources"] = new JsonArray(repository),
        ["detail"] = new JsonObject
        {
            ["event"] = new JsonArray("referenceCreated", "referenceUpdated"),
            ["referenceType"] = new JsonArray("branch"),
            ["referenceName"] = new JsonArray(PlatformNames.Branch),
        },
    };

    private static JsonObject Rejected(PlatformNames names) => new()
    {
        ["source"] = new JsonArray("aws.codepipeline"),
        ["detail-type"] = new JsonArray("CodePipeline Action Execution State Change"),
        ["detail"] = new JsonObject
        {
            ["pipeline"] = new JsonArray(names.Pipeline),
            ["stage"] = new JsonArray(StageNames.Approval),
            ["action"] = new JsonArray(StageNames.ManualApproval),
            ["state"] = new JsonArray("FAILED"),
        },
    };

    private static async Task Ensure(AwsSession session, string name, string description, JsonObject pattern, Target target, CancellationToken cancellation)
    {
        await session.Aws.Send(new PutRule(name, EventPattern: pattern.ToJsonString(), State: "ENABLED", Description: description), cancellation);
        var put = await session.Aws.Send(new PutTargets(name, [target]), cancellation);
        if (put.FailedEntries is [var failed, ..])
        {
            throw new WorkflowException($"The rule {name} can't start {target.Arn}: {failed.ErrorMessage} ({failed.ErrorCode})");
        }
    }
}
