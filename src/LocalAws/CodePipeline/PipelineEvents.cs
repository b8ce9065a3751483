using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.EventBridge;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>
/// What happens to executions, told to EventBridge: https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html.
/// Call it in the transaction that makes the change.
/// </summary>
internal sealed class PipelineEvents(EventBus bus, PipelineTable pipelines)
{
    private const string Resumed = "RESUMED";

    /// <summary>An execution's status changed.</summary>
    /// <param name="row">The execution as it is now.</param>
    /// <param name="isRetry">Whether it goes on after it had ended.</param>
    public void Execution(ExecutionRow row, bool isRetry = false)
    {
        var detail = Detail(row, isRetry ? Resumed : State(row.Status.ToString()), row.Started);
        detail["execution-trigger"] = new JsonObject { ["trigger-type"] = row.Trigger.TriggerType, ["trigger-detail"] = row.Trigger.TriggerDetail };
        Publish(row.Pipeline, "CodePipeline Pipeline Execution State Change", detail);
    }

    /// <summary>A stage's status changed.</summary>
    public void Stage(ExecutionRow execution, StageRow row, bool isRetry = false)
    {
        var detail = Detail(execution, isRetry ? Resumed : State(row.Status.ToString()), row.Started);
        detail["stage"] = row.Stage;
        Publish(row.Pipeline, "CodePipeline Stage Execution State Change", detail);
    }

    /// <summary>The status of an action's run changed.</summary>
    /// <param name="execution">Its execution.</param>
    /// <param name="row">The run as it is now.</param>
    /// <param name="isCanceled">Whether it was abandoned because the pipeline got another structure.</param>
    public void Action(ExecutionRow execution, ActionRow row, bool isCanceled = false)
    {
        var detail = Detail(execution, isCanceled ? "CANCELED" : State(row.Status.ToString()), row.Started);
        (detail["stage"], detail["action"], detail["action-execution-id"], detail["region"]) = (row.Stage, row.Action, row.Id, row.Input.Region);
        var type = row.Input.ActionTypeId;
        detail["type"] = new JsonObject { ["owner"] = type.Owner, ["category"] = type.Category.ToString(), ["provider"] = type.Provider, ["version"] = type.Version };
        detail["input-artifacts"] = Artifacts(row.Input.InputArtifacts);
        if (row.Status != ActionExecutionStatus.InProgress)
        {
            detail["output-artifacts"] = Artifacts(row.Status == ActionExecutionStatus.Succeeded ? row.OutputArtifacts : []);
            detail["execution-result"] = Result(row.Result);
        }

        Publish(row.Pipeline, "CodePipeline Action Execution State Change", detail);
    }

    private static JsonObject Detail(ExecutionRow execution, string state, DateTimeOffset started) => new()
    {
        ["pipeline"] = execution.Pipeline, ["execution-id"] = execution.Id, ["state"] = state, ["version"] = execution.Version,
        ["start-time"] = started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["pipeline-execution-attempt"] = execution.Attempt,
    };

    private static JsonArray Artifacts(IReadOnlyList<ArtifactDetail> artifacts) => [.. artifacts.Select(a => (JsonNode)new JsonObject
    {
        ["name"] = a.Name, ["s3location"] = new JsonObject { ["bucket"] = a.S3Location.Bucket, ["key"] = a.S3Location.Key },
    })];

    private static JsonObject Result(ActionResult result)
    {
        var told = new JsonObject();
        foreach (var (name, value) in new[]
        {
            ("external-execution-url", result.ExternalUrl), ("external-execution-summary", result.Summary), ("external-execution-id", result.ExternalId),
            ("error-code", result.Error?.Code),
        })
        {
            if (value is not null)
            {
                told[name] = value;
            }
        }

        return told;
    }

    private static string State(string status) => status switch
    {
        nameof(PipelineExecutionStatus.InProgress) => "STARTED",
        nameof(PipelineExecutionStatus.Cancelled) => "CANCELED",
        _ => status.ToUpperInvariant(),
    };

    private void Publish(string pipeline, string type, JsonObject detail) => bus.Publish("aws.codepipeline", type, [pipelines.Require(pipeline).Arn], detail);
}
