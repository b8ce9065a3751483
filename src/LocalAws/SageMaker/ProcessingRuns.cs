using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker;

/// <summary>Runs processing jobs: inputs from S3, the containers, outputs to S3.</summary>
internal sealed class ProcessingRuns(
    LocalAwsOptions options, Database database, Changes changes, RunningJobs running, InstanceQuotas quotas, JobInstances instances, JobInputs inputs,
    JobOutputs outputs, TimeProvider time) : IResume
{
    private const string Kind = "processing";
    private const string LogGroup = "/aws/sagemaker/ProcessingJobs";

    /// <summary>Every processing job.</summary>
    public Table<DescribeProcessingJob.Response> Table { get; } = new(
        database, "processing-job", j => j.ProcessingJobName, (nameof(DescribeProcessingJob.Response.ProcessingJobStatus), JobStates.Unfinished));

    /// <summary>A job that was under way runs again from its beginning, or from the end of its containers; one that was to stop has stopped.</summary>
    public Task Resume(CancellationToken cancellation)
    {
        var left = Table.Unfinished();
        JobFolder.Sweep(options, Kind, left.Where(j => j.ProcessingJobStatus != JobStatus.Stopping).Select(j => j.ProcessingJobName));
        foreach (var job in left)
        {
            if (job.ProcessingJobStatus == JobStatus.Stopping)
            {
                Change(job, j => j.MoveTo(JobStatus.Stopped, time.GetUtcNow()));
            }
            else
            {
                Start(job);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Refuses a job that would hold more instances than the account's quotas leave.</summary>
    /// <exception cref="AwsException">ResourceLimitExceeded.</exception>
    public void Require(ProcessingClusterConfig wanted) => quotas.Require(
        Kind, wanted.InstanceType, wanted.InstanceCount, [.. Table.Unfinished().Select(j => (j.ProcessingResources.ClusterConfig.InstanceType, j.ProcessingResources.ClusterConfig.InstanceCount))]);

    /// <summary>Starts a job, when there is a slot for it.</summary>
    public void Start(DescribeProcessingJob.Response job) => running.Start(
        job.ProcessingJobArn, signals => Run(job, signals), reason => Fail(job, reason));

    /// <summary>Asks a job to stop.</summary>
    public void Stop(string name)
    {
        var job = Table.Change(name, j => j.ProcessingJobStatus switch
        {
            JobStatus.Stopping => j,
            JobStatus.InProgress => j.MoveTo(JobStatus.Stopping, time.GetUtcNow()),
            _ => throw AwsErrors.Validation($"The request was rejected because the processing job is in status {j.ProcessingJobStatus}."),
        })!;
        changes.Signal(job.ProcessingJobArn);
        running.Stop(job.ProcessingJobArn);
    }

    private async Task Run(DescribeProcessingJob.Response job, JobSignals signals)
    {
        // who asked before the job was known to run is told by its state alone
        if (signals.Stop.IsCancellationRequested || Table.Find(job.ProcessingJobName)?.ProcessingJobStatus == JobStatus.Stopping)
        {
            End(job, JobStatus.Stopped, null, null);
            return;
        }

        var folder = new JobFolder(options, Kind, job.ProcessingJobName, job.ProcessingResources.ClusterConfig.InstanceCount);
        await JobCourse.Run(
            folder, async () => await Finish(job, folder, folder.Ended ?? await RunContainers(job, folder, signals), signals.Shutdown),
            reason => End(job, JobStatus.Failed, reason, null));
    }

    private async Task<EndedJob> RunContainers(DescribeProcessingJob.Response job, JobFolder folder, JobSignals signals)
    {
        await Prepare(job, folder, signals.Shutdown);
        Change(job, j => j with { ProcessingStartTime = time.GetUtcNow() });
        var end = await instances.Run([.. folder.Hosts.Select((_, i) => Spec(job, folder, i))], job.StoppingCondition!.MaxRuntimeInSeconds, signals);
        return folder.Keep(new(end, folder.Message(end.Failed ?? 0, "message"), []));
    }

    private async Task Prepare(DescribeProcessingJob.Response job, JobFolder folder, CancellationToken cancellation)
    {
        var hosts = folder.Hosts;
        for (var i = 0; i < hosts.Count; i++)
        {
            var configuration = new JsonObject
            {
                ["ProcessingJobArn"] = job.ProcessingJobArn,
                ["ProcessingJobName"] = job.ProcessingJobName,
                ["AppSpecification"] = JobFolder.Json(job.AppSpecification),
                ["Environment"] = JobFolder.Json(job.Environment),
                ["ProcessingInputs"] = JobFolder.Json(job.ProcessingInputs ?? []),
                ["ProcessingOutputConfig"] = JobFolder.Json(job.ProcessingOutputConfig),
                ["ProcessingResources"] = JobFolder.Json(job.ProcessingResources),
                ["RoleArn"] = job.RoleArn,
                ["StoppingCondition"] = JobFolder.Json(job.StoppingCondition),
            };
            folder.Write(i, "config/processingjobconfig.json", configuration);
            folder.Write(i, "config/resourceconfig.json", new JsonObject { ["current_host"] = hosts[i], ["hosts"] = JobFolder.Json(hosts) });
            folder.Make(i, "output");
            foreach (var output in job.ProcessingOutputConfig?.Outputs ?? [])
            {
                folder.Make(i, Below(output.S3Output!.LocalPath!));
            }

            foreach (var input in (job.ProcessingInputs ?? []).Select(p => p.S3Input!))
            {
                var what = new JobInput(input.S3Uri, input.S3DataType == "ManifestFile", input.S3DataDistributionType == "ShardedByS3Key");
                await inputs.Download(what, folder.Make(i, Below(input.LocalPath!)), i, hosts.Count, cancellation);
            }
        }
    }

    private ContainerSpec Spec(DescribeProcessingJob.Response job, JobFolder folder, int instance)
    {
        var stream = $"{job.ProcessingJobName}/{folder.Hosts[instance]}-{time.GetUtcNow().ToUnixTimeSeconds()}";
        var environment = new Dictionary<string, string>(job.Environment ?? new Dictionary<string, string>())
        {
            ["PROCESSING_JOB_NAME"] = job.ProcessingJobName,
            ["PROCESSING_JOB_ARN"] = job.ProcessingJobArn,
        };
        return new(job.AppSpecification.ImageUri, folder.MlRoot(instance), LogGroup, stream)
        {
            Entrypoint = job.AppSpecification.ContainerEntrypoint,
            Arguments = job.AppSpecification.ContainerArguments ?? [],
            Environment = environment,
            RoleArn = job.RoleArn,
            Region = job.ProcessingJobArn.Split(':')[3],
            Isolated = job.NetworkConfig?.EnableNetworkIsolation == true,
            HostsFile = folder.HostsFile,
        };
    }

    /// <summary>Uploads what the job left and gives its last change, to be made once its folder is gone.</summary>
    private async Task<Action> Finish(DescribeProcessingJob.Response job, JobFolder folder, EndedJob ended, CancellationToken cancellation)
    {
        var (end, message) = (ended.End, ended.Message);
        if (end.Stopped)
        {
            return () => End(job, JobStatus.Stopped, null, message);
        }

        if (end.TimedOut)
        {
            var why = $"The job was stopped because it ran longer than its MaxRuntimeInSeconds of {job.StoppingCondition!.MaxRuntimeInSeconds}.";
            return () => End(job, JobStatus.Stopped, null, message ?? why);
        }

        if (end.Failed is not null)
        {
            return () => End(job, JobStatus.Failed, JobFolder.Reason(message, end), message);
        }

        if (!folder.IsUploaded)
        {
            await Upload(job, folder, cancellation);
        }

        return () => End(job, JobStatus.Completed, null, message);
    }

    private async Task Upload(DescribeProcessingJob.Response job, JobFolder folder, CancellationToken cancellation)
    {
        foreach (var output in (job.ProcessingOutputConfig?.Outputs ?? []).Select(o => o.S3Output!))
        {
            var folders = folder.Hosts.Select((_, i) => folder.Make(i, Below(output.LocalPath!)));
            await outputs.Upload(folders, output.S3Uri, job.ProcessingOutputConfig!.KmsKeyId, cancellation);
        }
    }

    /// <summary>Local AWS itself failed, perhaps after the job's own end. It is not run again.</summary>
    private bool Fail(DescribeProcessingJob.Response job, string reason)
    {
        Change(job, j => j.ProcessingJobStatus.IsFinal() ? j : j.MoveTo(JobStatus.Failed, time.GetUtcNow()) with { FailureReason = JobFolder.Short(reason) });
        JobFolder.Forget(options, Kind, job.ProcessingJobName);
        return false;
    }

    private void End(DescribeProcessingJob.Response job, JobStatus status, string? reason, string? message) => Change(job, j =>
    {
        // who was asked to stop just before the end has stopped
        var reached = j.ProcessingJobStatus == JobStatus.Stopping && status == JobStatus.Completed ? JobStatus.Stopped : status;
        return j.MoveTo(reached, time.GetUtcNow()) with { FailureReason = reason, ExitMessage = message };
    });

    private void Change(DescribeProcessingJob.Response job, Func<DescribeProcessingJob.Response, DescribeProcessingJob.Response> change)
    {
        Table.Change(job.ProcessingJobName, change);
        changes.Signal(job.ProcessingJobArn);
    }

    private static string Below(string path) => path["/opt/ml/".Length..];
}
