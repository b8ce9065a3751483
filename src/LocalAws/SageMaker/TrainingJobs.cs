using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker;

/// <summary>SageMaker's training jobs.</summary>
internal sealed class TrainingJobs(Database database, Roles roles, Tags tags, TrainingRuns runs, TimeProvider time)
{
    private const int DefaultRuntime = 86400;

    public CreateTrainingJob.Response Create(CreateTrainingJob request, Caller caller)
    {
        TrainingJobChecks.Check(request);
        roles.Require(request.RoleArn);
        var job = Job(request, Arn(request.TrainingJobName, caller), time.GetUtcNow());
        database.Write(_ =>
        {
            runs.Require(job.ResourceConfig);
            if (!runs.Table.Insert(job))
            {
                throw AwsErrors.ResourceInUse(
                    $"Training job names must be unique within an AWS account and region, and a training job with this name already exists ({job.TrainingJobArn})");
            }

            tags.Create(job.TrainingJobArn, request.Tags);
        });
        runs.Start(job);
        return new(job.TrainingJobArn);
    }

    public DescribeTrainingJob.Response Describe(DescribeTrainingJob request)
    {
        var job = Require(request.TrainingJobName);
        // SageMaker always answers these two, and clients rely on it
        var output = job.OutputDataConfig with { KmsKeyId = job.OutputDataConfig.KmsKeyId ?? "", CompressionType = job.OutputDataConfig.CompressionType ?? "GZIP" };
        return job with { OutputDataConfig = output };
    }

    public ListTrainingJobs.Response List(ListTrainingJobs request)
    {
        var jobs = runs.Table.All().Where(j =>
            // no job here has a warm pool or a training plan
            request is { WarmPoolStatusEquals: null, TrainingPlanArnEquals: null }
            && (request.StatusEquals is null || j.TrainingJobStatus == request.StatusEquals)
            && (request.LastModifiedTimeAfter is null || j.LastModifiedTime > request.LastModifiedTimeAfter)
            && (request.LastModifiedTimeBefore is null || j.LastModifiedTime < request.LastModifiedTimeBefore));
        var listing = new Listing(
            request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Ascending,
            request.NextToken, request.MaxResults);
        var page = listing.Page(jobs, j => j.TrainingJobName, j => j.CreationTime, j => j.TrainingJobArn, j => j.TrainingJobStatus.ToString());
        return new([.. page.Items.Select(Summary)], page.NextToken);
    }

    public async Task Delete(DeleteTrainingJob request, Caller caller)
    {
        var arn = Arn(request.TrainingJobName, caller);
        RequireEnd(request.TrainingJobName, arn);
        // a new job may have its name from now on, and must not meet its folder
        await runs.Over(arn);
        database.Write(_ =>
        {
            RequireEnd(request.TrainingJobName, arn);
            runs.Table.Delete(request.TrainingJobName);
            tags.Forget(arn);
        });
    }

    public void Stop(StopTrainingJob request)
    {
        Require(request.TrainingJobName);
        runs.Stop(request.TrainingJobName);
    }

    private void RequireEnd(string name, string arn)
    {
        var job = runs.Table.Find(name) ?? throw AwsErrors.ResourceNotFound($"Could not find training job {arn}.");
        if (!job.TrainingJobStatus.IsFinal())
        {
            throw AwsErrors.ResourceInUse($"The training job {arn} is in status {job.TrainingJobStatus}; only jobs that have ended can be deleted. Stop it first.");
        }
    }

    private static string Arn(string name, Caller caller) => caller.Arn("sagemaker", "training-job/" + name);

    private static DescribeTrainingJob.Response Job(CreateTrainingJob request, string arn, DateTimeOffset now) => new(
        request.TrainingJobName, arn, JobStatus.InProgress, TrainingRuns.Starting, now, new(TrainingRuns.ModelUri(request.TrainingJobName, request.OutputDataConfig)),
        request.AlgorithmSpecification!, request.ResourceConfig! with { InstanceCount = request.ResourceConfig.InstanceCount ?? 1 },
        (request.StoppingCondition ?? new()) with { MaxRuntimeInSeconds = request.StoppingCondition?.MaxRuntimeInSeconds ?? DefaultRuntime },
        request.RoleArn, request.OutputDataConfig, [new(TrainingRuns.Starting, now, null, "Starting the training job")],
        request.HyperParameters, request.InputDataConfig, request.VpcConfig, request.EnableNetworkIsolation == true,
        request.EnableInterContainerTrafficEncryption == true, EnableManagedSpotTraining: false, request.DebugHookConfig, request.ProfilerConfig,
        // nothing here measures a job for the profiler, whatever its configuration asks for
        request.ProfilerConfig is null ? null : "Disabled", request.Environment, request.RetryStrategy, request.CheckpointConfig, now);

    private static TrainingJobSummary Summary(DescribeTrainingJob.Response job) => new(
        job.TrainingJobName, job.TrainingJobArn, job.CreationTime, job.TrainingJobStatus, job.SecondaryStatus, job.TrainingEndTime, job.LastModifiedTime);

    private DescribeTrainingJob.Response Require(string name) => runs.Table.Find(name) ?? throw AwsErrors.Validation("Requested resource not found.");
}

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
