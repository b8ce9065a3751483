using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker;

/// <summary>SageMaker's processing jobs.</summary>
internal sealed class ProcessingJobs(Database database, Roles roles, Tags tags, ProcessingRuns runs, JobDeletion deletion, TimeProvider time)
{
    private const int DefaultRuntime = 86400;

    public CreateProcessingJob.Response Create(CreateProcessingJob request, Caller caller)
    {
        ProcessingJobChecks.Check(request);
        roles.Require(request.RoleArn);
        var now = time.GetUtcNow();
        var job = new DescribeProcessingJob.Response(
            request.ProcessingJobName, Arn(request.ProcessingJobName, caller), JobStatus.InProgress, now, request.RoleArn,
            request.ProcessingResources, request.AppSpecification, request.ProcessingInputs, request.ProcessingOutputConfig,
            request.StoppingCondition ?? new(DefaultRuntime), request.Environment, request.NetworkConfig, now);
        database.Write(_ =>
        {
            runs.Require(job.ProcessingResources.ClusterConfig);
            if (!runs.Table.Insert(job))
            {
                throw AwsErrors.ResourceInUse(
                    $"Job name must be unique within an AWS account and region, and a job with this name already exists ({job.ProcessingJobArn}).");
            }

            tags.Create(job.ProcessingJobArn, request.Tags);
        });
        runs.Start(job);
        return new(job.ProcessingJobArn);
    }

    public DescribeProcessingJob.Response Describe(DescribeProcessingJob request) => Require(request.ProcessingJobName);

    public ListProcessingJobs.Response List(ListProcessingJobs request)
    {
        var jobs = runs.Table.All().Where(j =>
            (request.StatusEquals is null || j.ProcessingJobStatus == request.StatusEquals)
            && (request.LastModifiedTimeAfter is null || j.LastModifiedTime > request.LastModifiedTimeAfter)
            && (request.LastModifiedTimeBefore is null || j.LastModifiedTime < request.LastModifiedTimeBefore));
        var listing = new Listing(
            request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Ascending,
            request.NextToken, request.MaxResults);
        var page = listing.Page(jobs, j => j.ProcessingJobName, j => j.CreationTime, j => j.ProcessingJobArn, j => j.ProcessingJobStatus.ToString());
        return new([.. page.Items.Select(Summary)], page.NextToken);
    }

    public Task Delete(DeleteProcessingJob request, Caller caller) => deletion.Delete(
        "processing", Arn(request.ProcessingJobName, caller), () => runs.Table.Find(request.ProcessingJobName)?.ProcessingJobStatus, () => runs.Table.Delete(request.ProcessingJobName));

    public void Stop(StopProcessingJob request)
    {
        Require(request.ProcessingJobName);
        runs.Stop(request.ProcessingJobName);
    }

    private static string Arn(string name, Caller caller) => caller.Arn("sagemaker", "processing-job/" + name);

    private static ProcessingJobSummary Summary(DescribeProcessingJob.Response job) => new(
        job.ProcessingJobName, job.ProcessingJobArn, job.CreationTime, job.ProcessingJobStatus, job.ProcessingEndTime, job.LastModifiedTime,
        job.FailureReason, job.ExitMessage);

    private DescribeProcessingJob.Response Require(string name) =>
        runs.Table.Find(name) ?? throw AwsErrors.Validation($"Could not find requested job with name: {name}");
}
