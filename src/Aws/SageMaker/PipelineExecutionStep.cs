using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The state of a step of an execution.</summary>
public enum StepStatus
{
    /// <summary>It is about to run.</summary>
    Starting,

    /// <summary>It runs.</summary>
    Executing,

    /// <summary>It is being stopped.</summary>
    Stopping,

    /// <summary>It was stopped.</summary>
    Stopped,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It succeeded.</summary>
    Succeeded,
}

/// <summary>The resource that a step made or ran: the shape of most kinds of <see cref="PipelineExecutionStepMetadata"/>.</summary>
public sealed record StepArn(string? Arn = null);

/// <summary>What a condition step decided: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ConditionStepMetadata.html</summary>
public sealed record ConditionStepMetadata([OneOf("True", "False")] string? Outcome = null);

/// <summary>The message of a fail step: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FailStepMetadata.html</summary>
public sealed record FailStepMetadata(string? ErrorMessage = null);

/// <summary>A value that a callback step was answered with: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputParameter.html</summary>
public sealed record OutputParameter([Length(0, 256)] string Name, [Length(0, 1024)] string Value);

/// <summary>What a callback step asked, and was answered: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CallbackStepMetadata.html</summary>
public sealed record CallbackStepMetadata(string? CallbackToken = null, string? SqsQueueUrl = null, IReadOnlyList<OutputParameter>? OutputParameters = null);

/// <summary>What a step of its kind did: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionStepMetadata.html</summary>
public sealed record PipelineExecutionStepMetadata(
    StepArn? TrainingJob = null, StepArn? ProcessingJob = null, StepArn? Model = null, StepArn? RegisterModel = null,
    ConditionStepMetadata? Condition = null, FailStepMetadata? Fail = null, CallbackStepMetadata? Callback = null);

/// <summary>The execution whose result a step took over: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CacheHitResult.html</summary>
public sealed record CacheHitResult(string? SourcePipelineExecutionArn = null);

/// <summary>A step that an execution has come to: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_PipelineExecutionStep.html</summary>
public sealed record PipelineExecutionStep(
    string StepName, StepStatus StepStatus, DateTimeOffset StartTime, DateTimeOffset? EndTime = null,
    string? StepDisplayName = null, string? StepDescription = null, CacheHitResult? CacheHitResult = null,
    string? FailureReason = null, PipelineExecutionStepMetadata? Metadata = null, int? AttemptCount = null,
    SelectiveExecutionResult? SelectiveExecutionResult = null);

/// <summary>The steps that an execution has come to, latest first unless asked otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListPipelineExecutionSteps.html</summary>
public sealed record ListPipelineExecutionSteps(
    [Length(0, 2048)] string? PipelineExecutionArn = null,
    [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null,
    SortOrder? SortOrder = null) : IAwsRequest<ListPipelineExecutionSteps.Response>
{
    /// <summary>A page of steps.</summary>
    public sealed record Response(IReadOnlyList<PipelineExecutionStep> PipelineExecutionSteps, string? NextToken = null);
}

/// <summary>Answers a callback step that waits, and lets it succeed: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SendPipelineExecutionStepSuccess.html</summary>
public sealed record SendPipelineExecutionStepSuccess(
    [Length(10, 10), Pattern("[a-zA-Z0-9]+")] string CallbackToken,
    [Length(0, 50)] IReadOnlyList<OutputParameter>? OutputParameters = null,
    [Length(32, 128)] string? ClientRequestToken = null) : IAwsRequest<SendPipelineExecutionStepSuccess.Response>
{
    /// <summary>The ARN of the step's execution.</summary>
    public sealed record Response(string PipelineExecutionArn);
}

/// <summary>Answers a callback step that waits, and lets it fail: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SendPipelineExecutionStepFailure.html</summary>
public sealed record SendPipelineExecutionStepFailure(
    [Length(10, 10), Pattern("[a-zA-Z0-9]+")] string CallbackToken,
    [Length(0, 256)] string? FailureReason = null,
    [Length(32, 128)] string? ClientRequestToken = null) : IAwsRequest<SendPipelineExecutionStepFailure.Response>
{
    /// <summary>The ARN of the step's execution.</summary>
    public sealed record Response(string PipelineExecutionArn);
}
