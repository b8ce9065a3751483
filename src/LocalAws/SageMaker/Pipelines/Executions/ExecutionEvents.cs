using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.LocalAws.EventBridge;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>What SageMaker tells EventBridge of an execution: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html</summary>
internal static class ExecutionEvents
{
    /// <summary>Tells of an execution's new status; call it in the transaction that sets it.</summary>
    /// <param name="events">The bus.</param>
    /// <param name="before">The execution before, or null where it is new.</param>
    /// <param name="row">The execution now.</param>
    public static void Publish(EventBus events, ExecutionRow? before, ExecutionRow row)
    {
        var detail = new JsonObject
        {
            ["pipelineArn"] = row.Facts.PipelineArn,
            ["pipelineExecutionArn"] = row.Facts.Arn,
            ["pipelineExecutionDescription"] = row.Facts.Description,
            ["pipelineExecutionDisplayName"] = row.Facts.DisplayName,
            ["currentPipelineExecutionStatus"] = row.Status.ToString(),
            ["previousPipelineExecutionStatus"] = before?.Status.ToString(),
            ["executionStartTime"] = Time(row.Created),
            ["executionEndTime"] = row.IsOver ? Time(row.Modified) : null,
        };
        events.Publish("aws.sagemaker", "SageMaker Model Building Pipeline Execution Status Change", [row.Facts.PipelineArn, row.Facts.Arn], detail);
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
