using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The container of a training job: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AlgorithmSpecification.html</summary>
public sealed record AlgorithmSpecification(
    [OneOf("Pipe", "File", "FastFile")] string TrainingInputMode,
    [Length(0, 255)] string? TrainingImage = null,
    [Length(0, 40)] IReadOnlyList<MetricDefinition>? MetricDefinitions = null,
    bool? EnableSageMakerMetricsTimeSeries = null,
    [Length(1, 100)] IReadOnlyList<string>? ContainerEntrypoint = null,
    [Length(1, 100)] IReadOnlyList<string>? ContainerArguments = null);

/// <summary>How a metric is found in the log: the first group of the expression is its value.</summary>
public sealed record MetricDefinition([Length(1, 255)] string Name, [Length(1, 500)] string Regex);

/// <summary>A named input: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html</summary>
public sealed record Channel(
    [Length(1, 64), Pattern(@"[A-Za-z0-9\.\-_]+")] string ChannelName,
    DataSource DataSource,
    [Length(0, 256)] string? ContentType = null,
    [OneOf("None", "Gzip")] string? CompressionType = null,
    [OneOf("None", "RecordIO")] string? RecordWrapperType = null,
    [OneOf("Pipe", "File", "FastFile")] string? InputMode = null);

/// <summary>Where a channel's data is.</summary>
public sealed record DataSource(S3DataSource? S3DataSource = null);

/// <summary>A channel's data in S3: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html</summary>
public sealed record S3DataSource(
    [OneOf("ManifestFile", "S3Prefix", "AugmentedManifestFile", "Converse")] string S3DataType,
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri,
    [OneOf("FullyReplicated", "ShardedByS3Key")] string? S3DataDistributionType = null);

/// <summary>Where the model and other output go: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_OutputDataConfig.html</summary>
public sealed record OutputDataConfig(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3OutputPath,
    [Length(0, 2048), Pattern(Patterns.KmsKeyId)] string? KmsKeyId = null,
    [OneOf("GZIP", "NONE")] string? CompressionType = null);

/// <summary>The machines of a training job; here each machine is a process: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html</summary>
public sealed record ResourceConfig(
    [Pattern(@"ml\.[a-z0-9-]+\.[a-z0-9]+")] string? InstanceType = null, [Range(0, 100)] int? InstanceCount = null, [Range(0, int.MaxValue)] int? VolumeSizeInGB = null,
    [Length(0, 2048), Pattern(Patterns.KmsKeyId)] string? VolumeKmsKeyId = null, [Range(0, 21600)] int? KeepAlivePeriodInSeconds = null);

/// <summary>How long a job may run and wait, in seconds: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_StoppingCondition.html</summary>
public sealed record StoppingCondition(
    [Range(1, int.MaxValue)] int? MaxRuntimeInSeconds = null, [Range(1, int.MaxValue)] int? MaxWaitTimeInSeconds = null,
    [Range(7200, 2419200)] int? MaxPendingTimeInSeconds = null);

/// <summary>What SageMaker Debugger is to save; without collections it saves nothing.</summary>
public sealed record DebugHookConfig(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3OutputPath, [Length(0, 4096)] string? LocalPath = null,
    [Length(0, 20)] IReadOnlyDictionary<string, string>? HookParameters = null,
    [Length(0, 20)] IReadOnlyList<CollectionConfiguration>? CollectionConfigurations = null);

/// <summary>Tensors that SageMaker Debugger is to save.</summary>
public sealed record CollectionConfiguration(
    [Length(1, 256)] string? CollectionName = null, [Length(0, 20)] IReadOnlyDictionary<string, string>? CollectionParameters = null);

/// <summary>Whether and where SageMaker Profiler saves what it measures.</summary>
public sealed record ProfilerConfig(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string? S3OutputPath = null, long? ProfilingIntervalInMilliseconds = null,
    [Length(0, 20)] IReadOnlyDictionary<string, string>? ProfilingParameters = null, bool? DisableProfiler = null);

/// <summary>How often SageMaker starts a job again after a failure of its own.</summary>
public sealed record RetryStrategy([Range(1, 30)] int MaximumRetryAttempts);

/// <summary>Where a job's checkpoints are kept: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CheckpointConfig.html</summary>
/// <param name="S3Uri">Their place in S3.</param>
/// <param name="LocalPath">The folder that the containers write them to; <c>/opt/ml/checkpoints</c> where none is said.</param>
public sealed record CheckpointConfig(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri, [Length(0, 4096)] string? LocalPath = null);
