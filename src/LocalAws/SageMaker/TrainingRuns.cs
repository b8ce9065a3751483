using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.S3;

namespace Slipway.LocalAws.SageMaker;

/// <summary>Runs training jobs: channels from S3, the containers, the model to S3.</summary>
internal sealed class TrainingRuns(
    LocalAwsOptions options, TrainingStates states, RunningJobs running, InstanceQuotas quotas, JobInstances instances, JobInputs inputs, JobOutputs outputs,
    TimeProvider time) : IResume
{
    private const string Kind = "training";
    private const string LogGroup = "/aws/sagemaker/TrainingJobs";

    /// <summary>Where a job's model goes.</summary>
    public static string ModelUri(string job, OutputDataConfig output) => Output(job, output) + (output.CompressionType == "NONE" ? "model/" : "model.tar.gz");

    /// <summary>A job that was under way runs again from its beginning, or from the end of its containers; one that was to stop has stopped.</summary>
    public Task Resume(CancellationToken cancellation)
    {
        var left = states.Table.Unfinished();
        JobFolder.Sweep(options, Kind, left.Where(j => j.TrainingJobStatus != JobStatus.Stopping).Select(j => j.TrainingJobName));
        foreach (var job in left)
        {
            if (job.TrainingJobStatus == JobStatus.Stopping)
            {
                states.Stopped(job);
                continue;
            }

            if (!JobFolder.HasEnded(options, Kind, job.TrainingJobName))
            {
                states.Restarting(job);
            }

            Start(job);
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses a job that would hold more instances than the account's quotas leave.</summary>
    /// <exception cref="AwsException">ResourceLimitExceeded.</exception>
    public void Require(ResourceConfig wanted) => quotas.Require(
        Kind, wanted.InstanceType!, wanted.InstanceCount!.Value, [.. states.Table.Unfinished().Select(j => (j.ResourceConfig.InstanceType!, j.ResourceConfig.InstanceCount!.Value))]);

    /// <summary>Starts a job, when there is a slot for it.</summary>
    public void Start(DescribeTrainingJob.Response job) => running.Start(job.TrainingJobArn, signals => Run(job, signals), reason => Fail(job, reason));

    /// <summary>Asks a job to stop.</summary>
    public void Stop(string name)
    {
        var job = states.Stop(name);
        running.Stop(job.TrainingJobArn);
    }

    private static string Output(string job, OutputDataConfig output) => S3Uri.Parse(output.S3OutputPath).Append(job) + "/output/";

    private async Task Run(DescribeTrainingJob.Response job, JobSignals signals)
    {
        // who asked before the job was known to run is told by its state alone
        if (signals.Stop.IsCancellationRequested || states.Table.Find(job.TrainingJobName)?.TrainingJobStatus == JobStatus.Stopping)
        {
            states.End(job, JobStatus.Stopped, "Stopped", "Training job stopped", null, []);
            return;
        }

        var folder = new JobFolder(options, Kind, job.TrainingJobName, job.ResourceConfig.InstanceCount!.Value);
        var checkpoints = new Checkpoints(job, folder, inputs, outputs, time);
        await JobCourse.Run(
            folder, async () => await Finish(job, folder, checkpoints, folder.Ended ?? await RunContainers(job, folder, checkpoints, signals), signals.Shutdown),
            reason => states.End(job, JobStatus.Failed, "Failed", "Training job failed", reason, folder.Ended?.Metrics ?? []));
    }

    private bool Fail(DescribeTrainingJob.Response job, string reason)
    {
        var again = states.Fail(job, reason);
        if (!again)
        {
            JobFolder.Forget(options, Kind, job.TrainingJobName);
        }

        return again;
    }

    private async Task<EndedJob> RunContainers(DescribeTrainingJob.Response job, JobFolder folder, Checkpoints checkpoints, JobSignals signals)
    {
        var metrics = new JobMetrics(job.AlgorithmSpecification.MetricDefinitions ?? []);
        states.Advance(job, "Downloading", "Downloading input data");
        await Download(job, folder, signals.Shutdown);
        await checkpoints.Restore(signals.Shutdown);
        states.Advance(job, "Training", "Training image download completed. Training in progress.");
        var specs = folder.Hosts.Select((_, i) => Spec(job, folder, i, metrics)).ToList();
        var end = await checkpoints.UploadDuring(instances.Run(specs, states.Runtime(job), signals), signals.Shutdown);
        return folder.Keep(new(end, end.Failed is { } failed ? folder.Message(failed, "failure") : null, metrics.Final));
    }

    private async Task Download(DescribeTrainingJob.Response job, JobFolder folder, CancellationToken cancellation)
    {
        for (var i = 0; i < folder.Hosts.Count; i++)
        {
            TrainingEnvironment.Write(job, folder, i);
            foreach (var channel in job.InputDataConfig ?? [])
            {
                var source = channel.DataSource.S3DataSource!;
                var what = new JobInput(source.S3Uri, source.S3DataType == "ManifestFile", source.S3DataDistributionType == "ShardedByS3Key");
                await inputs.Download(what, folder.Make(i, "input/data/" + channel.ChannelName), i, folder.Hosts.Count, cancellation);
            }
        }
    }

    private ContainerSpec Spec(DescribeTrainingJob.Response job, JobFolder folder, int instance, JobMetrics metrics)
    {
        var algorithm = job.AlgorithmSpecification;
        return new(algorithm.TrainingImage!, folder.MlRoot(instance), LogGroup, $"{job.TrainingJobName}/{folder.Hosts[instance]}-{time.GetUtcNow().ToUnixTimeSeconds()}")
        {
            Entrypoint = algorithm.ContainerEntrypoint,
            // SageMaker runs a training image as `docker run IMAGE train`
            Arguments = algorithm.ContainerArguments ?? (algorithm.ContainerEntrypoint is null ? ["train"] : []),
            Environment = TrainingEnvironment.Variables(job, folder, instance),
            RoleArn = job.RoleArn,
            Region = job.TrainingJobArn.Split(':')[3],
            Isolated = job.EnableNetworkIsolation,
            HostsFile = folder.HostsFile,
            Output = metrics.Read,
        };
    }

    /// <summary>Uploads what the job left and gives its last change, to be made once its folder is gone.</summary>
    private async Task<Action> Finish(DescribeTrainingJob.Response job, JobFolder folder, Checkpoints checkpoints, EndedJob ended, CancellationToken cancellation)
    {
        var (end, metrics) = (ended.End, ended.Metrics);
        if (!folder.IsUploaded)
        {
            await checkpoints.Upload(cancellation);
        }

        if (end.Failed is not null)
        {
            var reason = JobFolder.Reason(ended.Message, end);
            return () => states.End(job, JobStatus.Failed, "Failed", "Training job failed", reason, metrics);
        }

        if (!folder.IsUploaded)
        {
            states.Advance(job, "Uploading", "Uploading generated training model");
            await Upload(job, folder, cancellation);
        }

        return end switch
        {
            { Stopped: true } => () => states.End(job, JobStatus.Stopped, "Stopped", "Training job stopped", null, metrics),
            { TimedOut: true } => () => states.End(
                job, JobStatus.Stopped, "MaxRuntimeExceeded", "Training job runtime exceeded MaxRuntimeInSeconds provided", null, metrics),
            _ => () => states.End(job, JobStatus.Completed, "Completed", "Training job completed", null, metrics),
        };
    }

    private async Task Upload(DescribeTrainingJob.Response job, JobFolder folder, CancellationToken cancellation)
    {
        var hosts = folder.Hosts.Count;
        var models = Enumerable.Range(0, hosts).Select(i => folder.Make(i, "model"));
        if (job.OutputDataConfig.CompressionType == "NONE")
        {
            await outputs.Upload(models, job.ModelArtifacts.S3ModelArtifacts, job.OutputDataConfig.KmsKeyId, cancellation);
        }
        else
        {
            await outputs.Pack(models, job.ModelArtifacts.S3ModelArtifacts, job.OutputDataConfig.KmsKeyId, folder.Scratch("model.tar.gz"), cancellation);
        }

        var data = Enumerable.Range(0, hosts).Select(i => folder.Make(i, "output/data"));
        var uri = Output(job.TrainingJobName, job.OutputDataConfig) + "output.tar.gz";
        await outputs.Pack(data, uri, job.OutputDataConfig.KmsKeyId, folder.Scratch("output.tar.gz"), cancellation);
    }
}
