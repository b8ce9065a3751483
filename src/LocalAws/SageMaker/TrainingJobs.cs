using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker;

/// <summary>SageMaker's training jobs.</summary>
internal sealed class TrainingJobs(Database database, Roles roles, Tags tags, TrainingStates states, TrainingRuns runs, JobDeletion deletion, TimeProvider time)
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
            if (!states.Table.Insert(job))
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
        var jobs = states.Table.All().Where(j =>
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

    public Task Delete(DeleteTrainingJob request, Caller caller) => deletion.Delete(
        "training", Arn(request.TrainingJobName, caller), () => states.Table.Find(request.TrainingJobName)?.TrainingJobStatus, () => states.Table.Delete(request.TrainingJobName));

    public void Stop(StopTrainingJob request)
    {
        Require(request.TrainingJobName);
        runs.Stop(request.TrainingJobName);
    }

    private static string Arn(string name, Caller caller) => caller.Arn("sagemaker", "training-job/" + name);

    private static DescribeTrainingJob.Response Job(CreateTrainingJob request, string arn, DateTimeOffset now) => new(
        request.TrainingJobName, arn, JobStatus.InProgress, TrainingStates.Starting, now, new(TrainingRuns.ModelUri(request.TrainingJobName, request.OutputDataConfig)),
        request.AlgorithmSpecification!, request.ResourceConfig! with { InstanceCount = request.ResourceConfig.InstanceCount ?? 1 },
        (request.StoppingCondition ?? new()) with { MaxRuntimeInSeconds = request.StoppingCondition?.MaxRuntimeInSeconds ?? DefaultRuntime },
        request.RoleArn, request.OutputDataConfig, [new(TrainingStates.Starting, now, null, "Starting the training job")],
        request.HyperParameters, request.InputDataConfig, request.VpcConfig, request.EnableNetworkIsolation == true,
        request.EnableInterContainerTrafficEncryption == true, EnableManagedSpotTraining: false, request.DebugHookConfig, request.ProfilerConfig,
        // nothing here measures a job for the profiler, whatever its configuration asks for
        request.ProfilerConfig is null ? null : "Disabled", request.Environment, request.RetryStrategy, request.CheckpointConfig, now);

    private static TrainingJobSummary Summary(DescribeTrainingJob.Response job) => new(
        job.TrainingJobName, job.TrainingJobArn, job.CreationTime, job.TrainingJobStatus, job.SecondaryStatus, job.TrainingEndTime, job.LastModifiedTime);

    private DescribeTrainingJob.Response Require(string name) => states.Table.Find(name) ?? throw AwsErrors.Validation("Requested resource not found.");
}
