using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.SageMaker;

/// <summary>What a training job may ask for here.</summary>
internal static class TrainingJobChecks
{
    /// <exception cref="AwsException">ValidationException, or NotImplemented for what local AWS does not have.</exception>
    public static void Check(CreateTrainingJob request)
    {
        RefuseUnsupported(request);
        if (request.AlgorithmSpecification?.TrainingImage is not { Length: > 0 })
        {
            throw AwsErrors.Validation("AlgorithmSpecification.TrainingImage is required: local AWS has no algorithms by name.");
        }

        if (request.ResourceConfig?.InstanceType is null || request.ResourceConfig.InstanceCount == 0)
        {
            throw AwsErrors.Validation("ResourceConfig needs an InstanceType and an InstanceCount of 1 or more.");
        }

        S3Uri.Parse(request.OutputDataConfig.S3OutputPath);
        foreach (var metric in request.AlgorithmSpecification.MetricDefinitions ?? [])
        {
            JobMetrics.Expression(metric);
        }

        CheckChannels(request.InputDataConfig ?? []);
        if (request.CheckpointConfig is { } checkpoints)
        {
            Checkpoints.Check(checkpoints);
        }
    }

    /// <summary>Refuses what local AWS does not have; what a request does not say yet is no reason.</summary>
    /// <exception cref="AwsException">NotImplemented.</exception>
    public static void RefuseUnsupported(CreateTrainingJob request)
    {
        Refuse(request.EnableManagedSpotTraining == true, "EnableManagedSpotTraining");
        Refuse(request.DebugHookConfig?.CollectionConfigurations is { Count: > 0 }, "DebugHookConfig.CollectionConfigurations");
        Refuse(request.ProfilerConfig is { DisableProfiler: not true, ProfilingParameters.Count: > 0 }, "ProfilerConfig.ProfilingParameters (set DisableProfiler to true)");
        Refuse(request.ResourceConfig?.KeepAlivePeriodInSeconds > 0, "ResourceConfig.KeepAlivePeriodInSeconds");
        Refuse(request.CheckpointConfig is { } checkpoints && !Checkpoints.IsBelowRoot(checkpoints), "CheckpointConfig.LocalPath outside /opt/ml");
        Refuse(request.AlgorithmSpecification?.TrainingInputMode == "Pipe", "AlgorithmSpecification.TrainingInputMode Pipe");
        foreach (var channel in request.InputDataConfig ?? [])
        {
            Refuse(channel.InputMode == "Pipe", "InputDataConfig.InputMode Pipe");
            Refuse(channel.CompressionType == "Gzip", "InputDataConfig.CompressionType Gzip");
            Refuse(channel.RecordWrapperType == "RecordIO", "InputDataConfig.RecordWrapperType RecordIO");
            Refuse(
                channel.DataSource?.S3DataSource?.S3DataType is "AugmentedManifestFile" or "Converse",
                $"InputDataConfig.DataSource.S3DataSource.S3DataType {channel.DataSource?.S3DataSource?.S3DataType}");
        }
    }

    private static void CheckChannels(IReadOnlyList<Channel> channels)
    {
        if (channels.GroupBy(c => c.ChannelName).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"The channel name {doubled.Key} is used more than once.");
        }

        foreach (var channel in channels)
        {
            var source = channel.DataSource.S3DataSource ?? throw AwsErrors.Validation($"The channel {channel.ChannelName} has no S3DataSource.");
            S3Uri.Parse(source.S3Uri);
        }
    }

    private static void Refuse(bool unsupported, string what)
    {
        if (unsupported)
        {
            throw AwsErrors.NotImplemented("CreateTrainingJob." + what);
        }
    }
}
