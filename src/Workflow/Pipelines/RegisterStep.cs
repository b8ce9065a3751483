using System.Text.Json.Nodes;
using static Slipway.Workflow.Pipelines.DefinitionJson;

namespace Slipway.Workflow.Pipelines;

/// <summary>The step that registers what was trained as a version of the model package group: how it is served, how good it is, what it was made of.</summary>
internal static class RegisterStep
{
    public static JsonObject Of(PipelineSettings settings) => new()
    {
        ["Name"] = StepNames.Register,
        ["Type"] = "RegisterModel",
        ["Arguments"] = new JsonObject
        {
            ["ModelPackageGroupName"] = settings.Names.ModelPackageGroup,
            ["ModelPackageDescription"] = JsonGet(StepNames.Evaluate, "Evaluation", "gate.words"),
            ["ModelApprovalStatus"] = "PendingManualApproval",
            ["InferenceSpecification"] = Inference(settings),
            ["ModelMetrics"] = Metrics(),
            ["MetadataProperties"] = new JsonObject { ["CommitId"] = Parameter("CommitId"), ["GeneratedBy"] = Get("Execution.PipelineExecutionArn") },
            ["CustomerMetadataProperties"] = Metadata(),
        },
    };

    private static JsonObject Inference(PipelineSettings settings) => new()
    {
        ["Containers"] = new JsonArray(new JsonObject
        {
            ["Image"] = settings.Names.ImageIn(settings.Region),
            ["ModelDataUrl"] = Get($"Steps.{StepNames.Train}.ModelArtifacts.S3ModelArtifacts"),
        }),
        ["SupportedContentTypes"] = Strings("text/csv", "application/json", "application/jsonlines"),
        ["SupportedResponseMIMETypes"] = Strings("text/csv", "application/json", "application/jsonlines"),
        ["SupportedRealtimeInferenceInstanceTypes"] = Strings("ml.t2.medium", "ml.m5.large", "ml.m5.xlarge"),
    };

    private static JsonObject Metrics() => new()
    {
        ["ModelQuality"] = new JsonObject { ["Statistics"] = JsonSource(Join("/", Output(StepNames.Evaluate, "evaluation"), "evaluation.json")) },
        ["ModelDataQuality"] = new JsonObject
        {
            ["Statistics"] = JsonSource(Join("/", Output(StepNames.Validate, "baseline"), "statistics.json")),
            ["Constraints"] = JsonSource(Join("/", Output(StepNames.Validate, "baseline"), "constraints.json")),
        },
    };

    /// <summary>Enough to rebuild the version, and to see at a glance how good it is. Values are strings of at most 256 characters.</summary>
    private static JsonObject Metadata() => new()
    {
        ["PipelineExecutionArn"] = Get("Execution.PipelineExecutionArn"),
        ["DataSha256"] = JsonGet(StepNames.Extract, "Lineage", "data.sha256"),
        ["Rows"] = Text(JsonGet(StepNames.Extract, "Lineage", "data.rows")),
        ["AsOf"] = JsonGet(StepNames.Extract, "Lineage", "as_of"),
        ["Auc"] = Text(JsonGet(StepNames.Evaluate, "Evaluation", "binary_classification_metrics.auc.value")),
        ["AucLow"] = Text(JsonGet(StepNames.Evaluate, "Evaluation", "auc_interval.low")),
        ["AucHigh"] = Text(JsonGet(StepNames.Evaluate, "Evaluation", "auc_interval.high")),
        ["Split"] = JsonGet(StepNames.Evaluate, "Evaluation", "leakage.split"),
        ["Leakage"] = JsonGet(StepNames.Evaluate, "Evaluation", "leakage.metadata"),
    };

    private static JsonObject JsonSource(JsonNode uri) => new() { ["ContentType"] = "application/json", ["S3Uri"] = uri };
}
