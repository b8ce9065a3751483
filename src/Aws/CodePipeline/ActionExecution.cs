using System.Text.Json.Serialization;
using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>The status of an action's run.</summary>
public enum ActionExecutionStatus
{
    /// <summary>It runs.</summary>
    InProgress,

    /// <summary>Its execution was stopped while it ran.</summary>
    Abandoned,

    /// <summary>It did what it was to do.</summary>
    Succeeded,

    /// <summary>It did not.</summary>
    Failed,
}

/// <summary>Runs of actions, the newest first: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListActionExecutions.html</summary>
public sealed record ListActionExecutions(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    ActionExecutionFilter? Filter = null,
    [Range(1, 100)] int? MaxResults = null,
    [Length(1, Forms.LongestToken)] string? NextToken = null) : IAwsRequest<ListActionExecutions.Response>
{
    /// <summary>A page of runs.</summary>
    public sealed record Response(IReadOnlyList<ActionExecutionDetail> ActionExecutionDetails, string? NextToken = null);
}

/// <summary>Which runs a listing gives.</summary>
/// <param name="PipelineExecutionId">Those of an execution.</param>
/// <param name="LatestInPipelineExecution">The latest of each action in an execution.</param>
public sealed record ActionExecutionFilter(
    [Pattern(Forms.Id)] string? PipelineExecutionId = null, LatestInPipelineExecutionFilter? LatestInPipelineExecution = null);

/// <summary>The latest run of each action in an execution.</summary>
public sealed record LatestInPipelineExecutionFilter([Pattern(Forms.Id)] string PipelineExecutionId, [OneOf("Latest", "All")] string StartTimeRange);

/// <summary>A run of an action: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecutionDetail.html</summary>
public sealed record ActionExecutionDetail(
    string PipelineExecutionId, string ActionExecutionId, int PipelineVersion, string StageName, string ActionName, DateTimeOffset StartTime,
    DateTimeOffset LastUpdateTime, string? UpdatedBy, ActionExecutionStatus Status, ActionExecutionInput Input, ActionExecutionOutput? Output);

/// <summary>What an action was run with.</summary>
public sealed record ActionExecutionInput(
    ActionTypeId ActionTypeId, IReadOnlyDictionary<string, string> Configuration, IReadOnlyDictionary<string, string> ResolvedConfiguration,
    string? RoleArn, string Region, IReadOnlyList<ArtifactDetail> InputArtifacts, string? Namespace);

/// <summary>An artifact and where it lies.</summary>
public sealed record ArtifactDetail(string Name, [property: JsonPropertyName("s3location")] S3Location S3Location);

/// <summary>A place in S3.</summary>
public sealed record S3Location(string Bucket, string Key);

/// <summary>What came of an action.</summary>
public sealed record ActionExecutionOutput(
    IReadOnlyList<ArtifactDetail> OutputArtifacts, ActionExecutionResult? ExecutionResult, IReadOnlyDictionary<string, string> OutputVariables);

/// <summary>How an action ended, in its provider's words.</summary>
public sealed record ActionExecutionResult(
    string? ExternalExecutionId, string? ExternalExecutionSummary, string? ExternalExecutionUrl, ErrorDetails? ErrorDetails = null,
    [property: JsonPropertyName("logStreamARN")] string? LogStreamArn = null);

/// <summary>Why an action failed.</summary>
/// <param name="Code">Such as JobFailed or ConfigurationError.</param>
/// <param name="Message">The words.</param>
public sealed record ErrorDetails(string? Code, string? Message);
