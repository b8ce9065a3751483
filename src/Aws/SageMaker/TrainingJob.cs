using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>Starts a training job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateTrainingJob.html</summary>
public sealed record CreateTrainingJob(
    [Length(1, 63), Pattern(Patterns.EntityName)] string TrainingJobName,
    [Length(20, 2048), Pattern(Patterns.RoleArn)] string RoleArn,
    OutputDataConfig OutputDataConfig,
    AlgorithmSpecification? AlgorithmSpecification = null,
    ResourceConfig? ResourceConfig = null,
    [Length(0, 100)] IReadOnlyDictionary<string, string>? HyperParameters = null,
    [Length(1, 20)] IReadOnlyList<Channel>? InputDataConfig = null,
    VpcConfig? VpcConfig = null,
    StoppingCondition? StoppingCondition = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    bool? EnableNetworkIsolation = null,
    bool? EnableInterContainerTrafficEncryption = null,
    bool? EnableManagedSpotTraining = null,
    DebugHookConfig? DebugHookConfig = null,
    ProfilerConfig? ProfilerConfig = null,
    [Length(0, 100)] IReadOnlyDictionary<string, string>? Environment = null,
    RetryStrategy? RetryStrategy = null,
    CheckpointConfig? CheckpointConfig = null) : IAwsRequest<CreateTrainingJob.Response>
{
    /// <summary>The job that was started.</summary>
    public sealed record Response(string TrainingJobArn);
}

/// <summary>A training job by its name: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html</summary>
public sealed record DescribeTrainingJob([Length(1, 63), Pattern(Patterns.EntityName)] string TrainingJobName) : IAwsRequest<DescribeTrainingJob.Response>
{
    /// <summary>The job. Times in seconds are whole ones, rounded up.</summary>
    public sealed record Response(
        string TrainingJobName, string TrainingJobArn, JobStatus TrainingJobStatus, string SecondaryStatus, DateTimeOffset CreationTime,
        ModelArtifacts ModelArtifacts, AlgorithmSpecification AlgorithmSpecification, ResourceConfig ResourceConfig, StoppingCondition StoppingCondition,
        string RoleArn, OutputDataConfig OutputDataConfig, IReadOnlyList<SecondaryStatusTransition> SecondaryStatusTransitions,
        IReadOnlyDictionary<string, string>? HyperParameters = null, IReadOnlyList<Channel>? InputDataConfig = null, VpcConfig? VpcConfig = null,
        bool EnableNetworkIsolation = false, bool EnableInterContainerTrafficEncryption = false, bool EnableManagedSpotTraining = false,
        DebugHookConfig? DebugHookConfig = null, ProfilerConfig? ProfilerConfig = null, string? ProfilingStatus = null,
        IReadOnlyDictionary<string, string>? Environment = null, RetryStrategy? RetryStrategy = null,
        CheckpointConfig? CheckpointConfig = null, DateTimeOffset? LastModifiedTime = null, DateTimeOffset? TrainingStartTime = null, DateTimeOffset? TrainingEndTime = null,
        int? TrainingTimeInSeconds = null, int? BillableTimeInSeconds = null, IReadOnlyList<MetricData>? FinalMetricDataList = null,
        string? FailureReason = null);
}

/// <summary>A part of a job's life: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_SecondaryStatusTransition.html</summary>
public sealed record SecondaryStatusTransition(string Status, DateTimeOffset StartTime, DateTimeOffset? EndTime = null, string? StatusMessage = null);

/// <summary>A metric that a job reported in its log: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetricData.html</summary>
public sealed record MetricData(string MetricName, float Value, DateTimeOffset Timestamp);

/// <summary>Where the model is: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelArtifacts.html</summary>
public sealed record ModelArtifacts(string S3ModelArtifacts);

/// <summary>Training jobs: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html</summary>
public sealed record ListTrainingJobs(
    DateTimeOffset? CreationTimeAfter = null, DateTimeOffset? CreationTimeBefore = null,
    DateTimeOffset? LastModifiedTimeAfter = null, DateTimeOffset? LastModifiedTimeBefore = null,
    [Length(0, 63), Pattern(Patterns.NameContains)] string? NameContains = null, JobStatus? StatusEquals = null,
    [OneOf("Name", "CreationTime", "Status")] string? SortBy = null, SortOrder? SortOrder = null,
    [Length(0, 8192)] string? NextToken = null, [Range(1, 100)] int? MaxResults = null,
    [OneOf("Available", "Terminated", "Reused", "InUse")] string? WarmPoolStatusEquals = null,
    [Length(50, 2048), Pattern(@"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:training-plan/.*")] string? TrainingPlanArnEquals = null) : IAwsRequest<ListTrainingJobs.Response>
{
    /// <summary>A page of jobs.</summary>
    public sealed record Response(IReadOnlyList<TrainingJobSummary> TrainingJobSummaries, string? NextToken = null);
}

/// <summary>A training job in a listing.</summary>
public sealed record TrainingJobSummary(
    string TrainingJobName, string TrainingJobArn, DateTimeOffset CreationTime, JobStatus TrainingJobStatus, string SecondaryStatus,
    DateTimeOffset? TrainingEndTime = null, DateTimeOffset? LastModifiedTime = null);

/// <summary>Stops a training job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopTrainingJob.html</summary>
public sealed record StopTrainingJob([Length(1, 63), Pattern(Patterns.EntityName)] string TrainingJobName) : IAwsRequest<EmptyResponse>;

/// <summary>Forgets a training job that has ended; its model and its log stay: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTrainingJob.html</summary>
public sealed record DeleteTrainingJob([Length(1, 63), Pattern(Patterns.EntityName)] string TrainingJobName) : IAwsRequest<EmptyResponse>;
