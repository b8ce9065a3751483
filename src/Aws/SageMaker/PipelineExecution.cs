using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The state of an execution of a pipeline.</summary>
public enum PipelineExecutionStatus
{
    /// <summary>Steps run or wait for others.</summary>
    Executing,

    /// <summary>It was asked to stop; the steps that run are being stopped.</summary>
    Stopping,

    /// <summary>It was stopped before its end.</summary>
    Stopped,

    /// <summary>A step failed.</summary>
    Failed,

    /// <summary>Every step that was to run succeeded.</summary>
    Succeeded,
}

/// <summary>The value of a pipeline's parameter, as text: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Parameter.html</summary>
public sealed record Parameter([Length(1, 256), Pattern(@"[A-Za-z0-9\-_]*")] string Name, [Length(0, 1024)] string Value);

/// <summary>The experiment that an execution belongs to: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExperimentConfig.html</summary>
public sealed record PipelineExperimentConfig(string? ExperimentName = null, string? TrialName = null);

/// <summary>Starts an execution of a pipeline: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StartPipelineExecution.html</summary>
public sealed record StartPipelineExecution(
    [Length(1, 2048), Pattern(@"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*)?([a-zA-Z0-9](-*[a-zA-Z0-9]){0,255})")] string PipelineName,
    [Length(32, 128)] string ClientRequestToken,
    [Length(1, 82), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}")] string? PipelineExecutionDisplayName = null,
    [Length(0, 200)] IReadOnlyList<Parameter>? PipelineParameters = null,
    [Length(0, 3072)] string? PipelineExecutionDescription = null,
    ParallelismConfiguration? ParallelismConfiguration = null,
    [Range(1, long.MaxValue)] long? PipelineVersionId = null,
    SelectiveExecutionConfig? SelectiveExecutionConfig = null) : IAwsRequest<StartPipelineExecution.Response>
{
    /// <summary>The execution that was started.</summary>
    public sealed record Response(string PipelineExecutionArn);
}

/// <summary>An execution's state: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribePipelineExecution.html</summary>
public sealed record DescribePipelineExecution([Length(0, 2048)] string PipelineExecutionArn) : IAwsRequest<DescribePipelineExecution.Response>
{
    /// <summary>The execution.</summary>
    public sealed record Response(
        string PipelineArn, string PipelineExecutionArn, PipelineExecutionStatus PipelineExecutionStatus, DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime,
        string? PipelineExecutionDisplayName = null, string? PipelineExecutionDescription = null, PipelineExperimentConfig? PipelineExperimentConfig = null,
        string? FailureReason = null, UserContext? CreatedBy = null, UserContext? LastModifiedBy = null,
        ParallelismConfiguration? ParallelismConfiguration = null, long? PipelineVersionId = null,
        SelectiveExecutionConfig? SelectiveExecutionConfig = null);
}

/// <summary>An execution in a listing: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionSummary.html</summary>
public sealed record PipelineExecutionSummary(
    string PipelineExecutionArn, DateTimeOffset StartTime, PipelineExecutionStatus PipelineExecutionStatus,
    string? PipelineExecutionDescription = null, string? PipelineExecutionDisplayName = null, string? PipelineExecutionFailureReason = null);

/// <summary>A pipeline's executions, newest first unless asked otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListPipelineExecutions.html</summary>
public sealed record ListPipelineExecutions(
    [Length(1, 2048), Pattern(@"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:([0-9]{12}|aws):pipeline/.*)?([a-zA-Z0-9](-*[a-zA-Z0-9]){0,255})")] string PipelineName,
    DateTimeOffset? CreatedAfter = null,
    DateTimeOffset? CreatedBefore = null,
    [OneOf("CreationTime", "PipelineExecutionArn")] string? SortBy = null,
    SortOrder? SortOrder = null,
    [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null) : IAwsRequest<ListPipelineExecutions.Response>
{
    /// <summary>A page of executions.</summary>
    public sealed record Response(IReadOnlyList<PipelineExecutionSummary> PipelineExecutionSummaries, string? NextToken = null);
}

/// <summary>The parameters' values that an execution runs with: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListPipelineParametersForExecution.html</summary>
public sealed record ListPipelineParametersForExecution(
    [Length(0, 2048)] string PipelineExecutionArn,
    [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null) : IAwsRequest<ListPipelineParametersForExecution.Response>
{
    /// <summary>A page of parameters, defaults included.</summary>
    public sealed record Response(IReadOnlyList<Parameter> PipelineParameters, string? NextToken = null);
}

/// <summary>The definition that an execution runs: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribePipelineDefinitionForExecution.html</summary>
public sealed record DescribePipelineDefinitionForExecution([Length(0, 2048)] string PipelineExecutionArn) : IAwsRequest<DescribePipelineDefinitionForExecution.Response>
{
    /// <summary>The definition, and when it became the pipeline's.</summary>
    public sealed record Response(string PipelineDefinition, DateTimeOffset CreationTime);
}

/// <summary>Stops an execution and the steps that run in it: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopPipelineExecution.html</summary>
public sealed record StopPipelineExecution([Length(0, 2048)] string PipelineExecutionArn, [Length(32, 128)] string ClientRequestToken) : IAwsRequest<StopPipelineExecution.Response>
{
    /// <summary>The execution that stops.</summary>
    public sealed record Response(string PipelineExecutionArn);
}

/// <summary>Goes on with a failed or stopped execution from the steps that did not succeed: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_RetryPipelineExecution.html</summary>
public sealed record RetryPipelineExecution(
    [Length(0, 2048)] string PipelineExecutionArn,
    [Length(32, 128)] string ClientRequestToken,
    ParallelismConfiguration? ParallelismConfiguration = null) : IAwsRequest<RetryPipelineExecution.Response>
{
    /// <summary>The execution that goes on.</summary>
    public sealed record Response(string PipelineExecutionArn);
}

/// <summary>Changes an execution's description, display name or parallelism: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdatePipelineExecution.html</summary>
public sealed record UpdatePipelineExecution(
    [Length(0, 2048)] string PipelineExecutionArn,
    [Length(0, 3072)] string? PipelineExecutionDescription = null,
    [Length(1, 82), Pattern("[a-zA-Z0-9](-*[a-zA-Z0-9]){0,81}")] string? PipelineExecutionDisplayName = null,
    ParallelismConfiguration? ParallelismConfiguration = null) : IAwsRequest<UpdatePipelineExecution.Response>
{
    /// <summary>The execution that was changed.</summary>
    public sealed record Response(string PipelineExecutionArn);
}
