using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>Data that a job takes from S3: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingInput.html</summary>
public sealed record ProcessingInput(string InputName, ProcessingS3Input? S3Input = null, bool? AppManaged = null);

/// <summary>Where an input lies and where the container finds it: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Input.html</summary>
public sealed record ProcessingS3Input(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri,
    [OneOf("ManifestFile", "S3Prefix")] string S3DataType,
    [Length(0, 256)] string? LocalPath = null,
    [OneOf("Pipe", "File")] string? S3InputMode = null,
    [OneOf("FullyReplicated", "ShardedByS3Key")] string? S3DataDistributionType = null,
    [OneOf("None", "Gzip")] string? S3CompressionType = null);

/// <summary>What a job gives: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutputConfig.html. The key encrypts the outputs.</summary>
public sealed record ProcessingOutputConfig(
    [Length(0, 10)] IReadOnlyList<ProcessingOutput> Outputs, [Length(0, 2048), Pattern(Patterns.KmsKeyId)] string? KmsKeyId = null);

/// <summary>An output: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingOutput.html</summary>
public sealed record ProcessingOutput(string OutputName, ProcessingS3Output? S3Output = null, bool? AppManaged = null);

/// <summary>Where the container leaves an output and where it goes: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html</summary>
public sealed record ProcessingS3Output(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri,
    [OneOf("Continuous", "EndOfJob")] string S3UploadMode,
    [Length(0, 256)] string? LocalPath = null);

/// <summary>The machines of a job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingResources.html</summary>
public sealed record ProcessingResources(ProcessingClusterConfig ClusterConfig);

/// <summary>Count, type and volume of the machines; here each machine is a process.</summary>
public sealed record ProcessingClusterConfig(
    [Range(1, 100)] int InstanceCount, [Pattern(@"ml\.[a-z0-9-]+\.[a-z0-9]+")] string InstanceType, [Range(1, 16384)] int VolumeSizeInGB,
    [Length(0, 2048), Pattern(Patterns.KmsKeyId)] string? VolumeKmsKeyId = null);

/// <summary>How long a job may run, in seconds.</summary>
public sealed record ProcessingStoppingCondition([Range(1, 777600)] int MaxRuntimeInSeconds);

/// <summary>The container of a job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AppSpecification.html</summary>
public sealed record AppSpecification(
    [Length(0, 255)] string ImageUri,
    [Length(1, 100)] IReadOnlyList<string>? ContainerEntrypoint = null,
    [Length(1, 100)] IReadOnlyList<string>? ContainerArguments = null);

/// <summary>The network of a job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_NetworkConfig.html</summary>
public sealed record NetworkConfig(bool? EnableInterContainerTrafficEncryption = null, bool? EnableNetworkIsolation = null, VpcConfig? VpcConfig = null);

/// <summary>Starts a processing job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateProcessingJob.html</summary>
public sealed record CreateProcessingJob(
    [Length(1, 63), Pattern(Patterns.EntityName)] string ProcessingJobName,
    ProcessingResources ProcessingResources,
    AppSpecification AppSpecification,
    [Length(20, 2048), Pattern(Patterns.RoleArn)] string RoleArn,
    [Length(0, 10)] IReadOnlyList<ProcessingInput>? ProcessingInputs = null,
    ProcessingOutputConfig? ProcessingOutputConfig = null,
    ProcessingStoppingCondition? StoppingCondition = null,
    [Length(0, 100)] IReadOnlyDictionary<string, string>? Environment = null,
    NetworkConfig? NetworkConfig = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateProcessingJob.Response>
{
    /// <summary>The job that was started.</summary>
    public sealed record Response(string ProcessingJobArn);
}

/// <summary>A processing job by its name: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeProcessingJob.html</summary>
public sealed record DescribeProcessingJob([Length(1, 63), Pattern(Patterns.EntityName)] string ProcessingJobName) : IAwsRequest<DescribeProcessingJob.Response>
{
    /// <summary>The job.</summary>
    public sealed record Response(
        string ProcessingJobName, string ProcessingJobArn, JobStatus ProcessingJobStatus, DateTimeOffset CreationTime, string RoleArn,
        ProcessingResources ProcessingResources, AppSpecification AppSpecification, IReadOnlyList<ProcessingInput>? ProcessingInputs = null,
        ProcessingOutputConfig? ProcessingOutputConfig = null, ProcessingStoppingCondition? StoppingCondition = null,
        IReadOnlyDictionary<string, string>? Environment = null, NetworkConfig? NetworkConfig = null, DateTimeOffset? LastModifiedTime = null,
        DateTimeOffset? ProcessingStartTime = null, DateTimeOffset? ProcessingEndTime = null, string? ExitMessage = null, string? FailureReason = null);
}

/// <summary>Processing jobs: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListProcessingJobs.html</summary>
public sealed record ListProcessingJobs(
    DateTimeOffset? CreationTimeAfter = null, DateTimeOffset? CreationTimeBefore = null,
    DateTimeOffset? LastModifiedTimeAfter = null, DateTimeOffset? LastModifiedTimeBefore = null,
    string? NameContains = null, JobStatus? StatusEquals = null, [OneOf("Name", "CreationTime", "Status")] string? SortBy = null, SortOrder? SortOrder = null,
    [Length(0, 8192)] string? NextToken = null, [Range(1, 100)] int? MaxResults = null) : IAwsRequest<ListProcessingJobs.Response>
{
    /// <summary>A page of jobs.</summary>
    public sealed record Response(IReadOnlyList<ProcessingJobSummary> ProcessingJobSummaries, string? NextToken = null);
}

/// <summary>A processing job in a listing.</summary>
public sealed record ProcessingJobSummary(
    string ProcessingJobName, string ProcessingJobArn, DateTimeOffset CreationTime, JobStatus ProcessingJobStatus,
    DateTimeOffset? ProcessingEndTime = null, DateTimeOffset? LastModifiedTime = null, string? FailureReason = null, string? ExitMessage = null);

/// <summary>Stops a processing job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StopProcessingJob.html</summary>
public sealed record StopProcessingJob([Length(1, 63), Pattern(Patterns.EntityName)] string ProcessingJobName) : IAwsRequest<EmptyResponse>;

/// <summary>Forgets a processing job that has ended; its outputs and its log stay: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteProcessingJob.html</summary>
public sealed record DeleteProcessingJob([Length(1, 63), Pattern(Patterns.EntityName)] string ProcessingJobName) : IAwsRequest<EmptyResponse>;
