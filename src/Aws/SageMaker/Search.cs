using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>
/// Finds resources by their properties: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html.
/// Of AWS's resources these are stored by local AWS; any other is refused by name there.
/// </summary>
public sealed record Search(
    [OneOf("TrainingJob", "Experiment", "ExperimentTrial", "ExperimentTrialComponent", "Endpoint", "Model", "ModelPackage", "ModelPackageGroup", "Pipeline",
        "PipelineExecution", "FeatureGroup", "FeatureMetadata", "Image", "ImageVersion", "Project", "HyperParameterTuningJob", "ModelCard", "PipelineVersion")]
    string Resource,
    SearchExpression? SearchExpression = null,
    [Length(1, 255)] string? SortBy = null,
    SortOrder? SortOrder = null,
    [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null,
    [OneOf("SameAccount", "CrossAccount")] string? CrossAccountFilterOption = null,
    [Length(1, 5)] IReadOnlyList<VisibilityCondition>? VisibilityConditions = null) : IAwsRequest<Search.Response>
{
    /// <summary>A page of what was found; <c>TotalHits</c> counts all of it.</summary>
    public sealed record Response(IReadOnlyList<SearchRecord> Results, string? NextToken = null, TotalHits? TotalHits = null);
}

/// <summary>Conditions that a resource meets: all of them (<c>And</c>, the default) or at least one (<c>Or</c>).</summary>
public sealed record SearchExpression(
    [Length(1, 20)] IReadOnlyList<Filter>? Filters = null,
    [Length(1, 20)] IReadOnlyList<NestedFilters>? NestedFilters = null,
    [Length(1, 20)] IReadOnlyList<SearchExpression>? SubExpressions = null,
    [OneOf("And", "Or")] string? Operator = null);

/// <summary>A condition on a property, such as <c>Tags.team</c> or <c>HyperParameters.seed</c>. Without an operator it is Equals.</summary>
public sealed record Filter(
    [Length(1, 255)] string Name,
    [OneOf("Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan", "LessThanOrEqualTo", "Contains", "Exists", "NotExists", "In")] string? Operator = null,
    [Length(1, 1024)] string? Value = null);

/// <summary>Conditions that one and the same item of a list meets.</summary>
public sealed record NestedFilters([Length(1, 255)] string NestedPropertyName, [Length(1, 20)] IReadOnlyList<Filter> Filters);

/// <summary>What a resource must not contradict: one that has the tag <c>Tags.KEY</c> with another value is left out, one without the tag is not.</summary>
public sealed record VisibilityCondition(
    [Length(1, 128), Pattern(@"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")] string? Key = null, [Length(0, 256), Pattern(@"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")] string? Value = null);

/// <summary>A resource that was found: its own structure, as AWS's Describe operation has it, and its tags.</summary>
public sealed record SearchRecord(
    JsonObject? TrainingJob = null, JsonObject? Endpoint = null, JsonObject? ModelPackage = null, JsonObject? ModelPackageGroup = null,
    JsonObject? Pipeline = null, JsonObject? PipelineExecution = null, JsonObject? FeatureGroup = null, JsonObject? PipelineVersion = null,
    JsonObject? FeatureMetadata = null, JsonObject? Model = null);

/// <summary>How much was found.</summary>
public sealed record TotalHits(long? Value = null, [OneOf("EqualTo", "GreaterThanOrEqualTo")] string? Relation = null);
