using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>The status of an execution: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecution.html</summary>
public enum PipelineExecutionStatus
{
    /// <summary>Its pipeline was changed while it ran.</summary>
    Cancelled,

    /// <summary>It runs, or waits before a stage.</summary>
    InProgress,

    /// <summary>It was stopped by hand.</summary>
    Stopped,

    /// <summary>It is being stopped.</summary>
    Stopping,

    /// <summary>It went through all stages.</summary>
    Succeeded,

    /// <summary>A newer one took its place before a stage.</summary>
    Superseded,

    /// <summary>One of its stages failed.</summary>
    Failed,
}

/// <summary>Starts a pipeline: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StartPipelineExecution.html</summary>
/// <param name="Name">The pipeline.</param>
/// <param name="Variables">Values in place of the variables' defaults.</param>
/// <param name="ClientRequestToken">Lets a request that is sent again start it once.</param>
/// <param name="SourceRevisions">The revisions that sources take in place of their newest.</param>
public sealed record StartPipelineExecution(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string Name,
    [Length(1, 50)] IReadOnlyList<PipelineVariable>? Variables = null,
    [Length(1, 128), Pattern("[a-zA-Z0-9-]+")] string? ClientRequestToken = null,
    [Length(0, 50)] IReadOnlyList<SourceRevisionOverride>? SourceRevisions = null) : IAwsRequest<StartPipelineExecution.Response>
{
    /// <summary>The id of the execution.</summary>
    public sealed record Response(string PipelineExecutionId);
}

/// <summary>The value of a variable.</summary>
public sealed record PipelineVariable([Length(1, 128), Pattern(Forms.Variable)] string Name, [Length(1, 1000)] string Value);

/// <summary>The revision that a source takes.</summary>
public sealed record SourceRevisionOverride(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string ActionName,
    [OneOf("COMMIT_ID", "IMAGE_DIGEST", "S3_OBJECT_VERSION_ID", "S3_OBJECT_KEY")] string RevisionType,
    [Length(1, 1500)] string RevisionValue);

/// <summary>Stops an execution: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_StopPipelineExecution.html</summary>
/// <param name="PipelineName">The pipeline.</param>
/// <param name="PipelineExecutionId">The execution.</param>
/// <param name="Abandon">Whether the actions that run are abandoned; else they end first.</param>
/// <param name="Reason">Why, in a person's words.</param>
public sealed record StopPipelineExecution(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Pattern(Forms.Id)] string PipelineExecutionId,
    bool? Abandon = null,
    [Length(0, 200)] string? Reason = null) : IAwsRequest<StopPipelineExecution.Response>
{
    /// <summary>The id of the execution.</summary>
    public sealed record Response(string PipelineExecutionId);
}

/// <summary>Runs a failed stage again: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RetryStageExecution.html</summary>
public sealed record RetryStageExecution(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string StageName,
    [Pattern(Forms.Id)] string PipelineExecutionId,
    [OneOf("FAILED_ACTIONS", "ALL_ACTIONS")] string RetryMode) : IAwsRequest<RetryStageExecution.Response>
{
    /// <summary>The id of the execution.</summary>
    public sealed record Response(string PipelineExecutionId);
}

/// <summary>Runs a stage with what an earlier execution ran it with: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_RollbackStage.html</summary>
public sealed record RollbackStage(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string StageName,
    [Pattern(Forms.Id)] string TargetPipelineExecutionId) : IAwsRequest<RollbackStage.Response>
{
    /// <summary>The id of the execution that rolls back.</summary>
    public sealed record Response(string PipelineExecutionId);
}

/// <summary>An execution: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_GetPipelineExecution.html</summary>
public sealed record GetPipelineExecution(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Pattern(Forms.Id)] string PipelineExecutionId) : IAwsRequest<GetPipelineExecution.Response>
{
    /// <summary>The execution.</summary>
    public sealed record Response(PipelineExecution PipelineExecution);
}

/// <summary>A run of a pipeline.</summary>
public sealed record PipelineExecution(
    string PipelineName, int PipelineVersion, string PipelineExecutionId, PipelineExecutionStatus Status, string? StatusSummary,
    IReadOnlyList<ArtifactRevision> ArtifactRevisions, IReadOnlyList<ResolvedPipelineVariable>? Variables, ExecutionTrigger Trigger,
    ExecutionMode ExecutionMode, string ExecutionType, PipelineRollbackMetadata? RollbackMetadata);

/// <summary>What a source's artifact was made from.</summary>
public sealed record ArtifactRevision(
    string Name, string RevisionId, string? RevisionChangeIdentifier, string? RevisionSummary, DateTimeOffset? Created, string? RevisionUrl);

/// <summary>The value of a variable in an execution.</summary>
public sealed record ResolvedPipelineVariable(string Name, string ResolvedValue);

/// <summary>What started an execution.</summary>
/// <param name="TriggerType">Such as StartPipelineExecution, CloudWatchEvent or PollForSourceChanges.</param>
/// <param name="TriggerDetail">Who or what, as an ARN or an id.</param>
public sealed record ExecutionTrigger(string TriggerType, string? TriggerDetail);

/// <summary>The execution whose artifacts a rollback takes.</summary>
public sealed record PipelineRollbackMetadata(string RollbackTargetPipelineExecutionId);

/// <summary>Executions, the newest first: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListPipelineExecutions.html</summary>
public sealed record ListPipelineExecutions(
    [Length(1, Forms.LongestName), Pattern(Forms.Name)] string PipelineName,
    [Range(1, 100)] int? MaxResults = null,
    PipelineExecutionFilter? Filter = null,
    [Length(1, Forms.LongestToken)] string? NextToken = null) : IAwsRequest<ListPipelineExecutions.Response>
{
    /// <summary>A page of executions.</summary>
    public sealed record Response(IReadOnlyList<PipelineExecutionSummary> PipelineExecutionSummaries, string? NextToken = null);
}

/// <summary>Which executions a listing gives.</summary>
public sealed record PipelineExecutionFilter(SucceededInStageFilter? SucceededInStage = null);

/// <summary>Those that succeeded in a stage.</summary>
public sealed record SucceededInStageFilter([Length(1, Forms.LongestName), Pattern(Forms.Name)] string? StageName = null);

/// <summary>An execution of a listing.</summary>
public sealed record PipelineExecutionSummary(
    string PipelineExecutionId, PipelineExecutionStatus Status, string? StatusSummary, DateTimeOffset StartTime, DateTimeOffset LastUpdateTime,
    IReadOnlyList<SourceRevision> SourceRevisions, ExecutionTrigger Trigger, StopExecutionTrigger? StopTrigger, ExecutionMode ExecutionMode,
    string ExecutionType, PipelineRollbackMetadata? RollbackMetadata);

/// <summary>The revision that a source took.</summary>
public sealed record SourceRevision(string ActionName, string? RevisionId = null, string? RevisionSummary = null, string? RevisionUrl = null);

/// <summary>Why an execution was stopped.</summary>
public sealed record StopExecutionTrigger(string? Reason);
