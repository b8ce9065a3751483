using System.Text.Json.Serialization;
using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>The status of a stage in an execution.</summary>
public enum StageExecutionStatus
{
    /// <summary>Its pipeline was changed while it ran.</summary>
    Cancelled,

    /// <summary>It runs, or waits before the stage.</summary>
    InProgress,

    /// <summary>One of its actions failed.</summary>
    Failed,

    /// <summary>It was stopped by hand.</summary>
    Stopped,

    /// <summary>It is being stopped.</summary>
    Stopping,

    /// <summary>All its actions succeeded.</summary>
    Succeeded,

    /// <summary>A condition left it out.</summary>
    Skipped,
}

/// <summary>Where a pipeline stands: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineState.html</summary>
public sealed record GetPipelineState([Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name) : IAwsRequest<GetPipelineState.Response>
{
    /// <summary>The states of its stages in their order.</summary>
    public sealed record Response(
        string PipelineName, int PipelineVersion, IReadOnlyList<StageState> StageStates, DateTimeOffset Created, DateTimeOffset Updated);
}

/// <summary>Where a stage stands: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StageState.html</summary>
/// <param name="StageName">The stage.</param>
/// <param name="InboundExecution">The execution that waits to enter it.</param>
/// <param name="InboundExecutions">The executions that wait to enter it.</param>
/// <param name="InboundTransitionState">Whether executions may enter it.</param>
/// <param name="ActionStates">Its actions.</param>
/// <param name="LatestExecution">The execution that entered it last.</param>
/// <param name="RetryStageMetadata">How often it was retried in that one.</param>
public sealed record StageState(
    string StageName, StageExecution? InboundExecution, IReadOnlyList<StageExecution> InboundExecutions, TransitionState InboundTransitionState,
    IReadOnlyList<ActionState> ActionStates, StageExecution? LatestExecution, RetryStageMetadata? RetryStageMetadata);

/// <summary>An execution in a stage.</summary>
/// <param name="PipelineExecutionId">Its id.</param>
/// <param name="Status">How it stands there.</param>
/// <param name="Type">STANDARD or ROLLBACK.</param>
public sealed record StageExecution(string PipelineExecutionId, StageExecutionStatus Status, string? Type);

/// <summary>Whether executions may enter a stage.</summary>
public sealed record TransitionState(bool Enabled, string? LastChangedBy = null, DateTimeOffset? LastChangedAt = null, string? DisabledReason = null);

/// <summary>How often a stage was retried.</summary>
public sealed record RetryStageMetadata(int? AutoStageRetryAttempt = null, int? ManualStageRetryAttempt = null, string? LatestRetryTrigger = null);

/// <summary>Where an action stands: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionState.html</summary>
public sealed record ActionState(string ActionName, ActionRevision? CurrentRevision, ActionExecution? LatestExecution, string? EntityUrl, string? RevisionUrl);

/// <summary>The revision that an action ran with.</summary>
public sealed record ActionRevision(string RevisionId, string RevisionChangeId, DateTimeOffset Created);

/// <summary>The latest run of an action: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ActionExecution.html</summary>
/// <param name="ActionExecutionId">Its id.</param>
/// <param name="Status">How it stands.</param>
/// <param name="Summary">What came of it.</param>
/// <param name="LastStatusChange">When its status last changed.</param>
/// <param name="Token">What answers an approval that waits.</param>
/// <param name="LastUpdatedBy">The ARN of who answered it.</param>
/// <param name="ExternalExecutionId">The provider's id of it, such as a build's.</param>
/// <param name="ExternalExecutionUrl">Where to see it.</param>
/// <param name="PercentComplete">How far it is.</param>
/// <param name="ErrorDetails">Why it failed.</param>
/// <param name="LogStreamArn">Its log.</param>
public sealed record ActionExecution(
    string ActionExecutionId, ActionExecutionStatus Status, string? Summary, DateTimeOffset LastStatusChange, string? Token = null,
    string? LastUpdatedBy = null, string? ExternalExecutionId = null, string? ExternalExecutionUrl = null, int? PercentComplete = null,
    ErrorDetails? ErrorDetails = null, [property: JsonPropertyName("logStreamARN")] string? LogStreamArn = null);
