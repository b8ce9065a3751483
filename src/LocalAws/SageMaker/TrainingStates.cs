using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker;

/// <summary>The training jobs as they are kept, and how each goes from one state to the next.</summary>
internal sealed class TrainingStates(Database database, Changes changes, TimeProvider time)
{
    /// <summary>The secondary status that each attempt of a job begins with.</summary>
    public const string Starting = "Starting";

    /// <summary>Every training job.</summary>
    public Table<DescribeTrainingJob.Response> Table { get; } = new(
        database, "training-job", j => j.TrainingJobName, (nameof(DescribeTrainingJob.Response.TrainingJobStatus), JobStates.Unfinished));

    /// <summary>A job that was to stop has stopped.</summary>
    public void Stopped(DescribeTrainingJob.Response job) => Change(job, j => j.MoveTo(JobStatus.Stopped, "Stopped", "Training job stopped", time.GetUtcNow()));

    /// <summary>A job that local AWS left in the middle begins again.</summary>
    public void Restarting(DescribeTrainingJob.Response job) =>
        Change(job, j => j.MoveTo(JobStatus.InProgress, "Restarting", "Local AWS was started again, and the job from its beginning", time.GetUtcNow()));

    /// <summary>A job is to stop.</summary>
    /// <exception cref="AwsException">ValidationException: it has ended.</exception>
    public DescribeTrainingJob.Response Stop(string name)
    {
        var job = Table.Change(name, j => j.TrainingJobStatus switch
        {
            JobStatus.Stopping => j,
            JobStatus.InProgress => j.MoveTo(JobStatus.Stopping, "Stopping", "Stopping the training job", time.GetUtcNow()),
            _ => throw AwsErrors.Validation($"The request was rejected because the training job is in status {j.TrainingJobStatus}."),
        })!;
        changes.Signal(job.TrainingJobArn);
        return job;
    }

    /// <summary>Goes on to the next part of a job, unless it is to stop.</summary>
    public void Advance(DescribeTrainingJob.Response job, string secondary, string message) => Change(job, j =>
    {
        var now = time.GetUtcNow();
        return j.TrainingJobStatus == JobStatus.InProgress
            ? j.MoveTo(JobStatus.InProgress, secondary, message, now) with { TrainingStartTime = j.TrainingStartTime ?? now }
            : j;
    });

    /// <summary>A job has ended.</summary>
    /// <param name="job">The job.</param>
    /// <param name="status">How.</param>
    /// <param name="secondary">How, more closely.</param>
    /// <param name="message">The same in words.</param>
    /// <param name="reason">Why it failed, where it has.</param>
    /// <param name="metrics">The last values of its metrics.</param>
    public void End(DescribeTrainingJob.Response job, JobStatus status, string secondary, string message, string? reason, IReadOnlyList<MetricData> metrics) => Change(job, j =>
    {
        var now = time.GetUtcNow();
        // who was asked to stop just before the end has stopped
        var ended = j.TrainingJobStatus == JobStatus.Stopping && status == JobStatus.Completed
            ? j.MoveTo(JobStatus.Stopped, "Stopped", "Training job stopped", now)
            : j.MoveTo(status, secondary, message, now);
        int? seconds = j.TrainingStartTime is { } start ? Math.Max(1, (int)Math.Ceiling((now - start).TotalSeconds)) : null;
        return ended with
        {
            FailureReason = reason, TrainingTimeInSeconds = seconds, BillableTimeInSeconds = seconds, FinalMetricDataList = metrics.Count > 0 ? metrics : null,
        };
    });

    /// <summary>Local AWS itself failed, perhaps after the job's own end; true where its RetryStrategy has it start again.</summary>
    public bool Fail(DescribeTrainingJob.Response job, string reason)
    {
        var again = false;
        Change(job, j =>
        {
            again = j.TrainingJobStatus == JobStatus.InProgress && Attempts(j) <= (j.RetryStrategy?.MaximumRetryAttempts ?? 0);
            return again ? j.MoveTo(JobStatus.InProgress, Starting, $"Starting the training job again after {JobFolder.Short(reason)}", time.GetUtcNow())
                : j.TrainingJobStatus.IsFinal() ? j
                : j.MoveTo(JobStatus.Failed, "Failed", "Training job failed", time.GetUtcNow()) with { FailureReason = JobFolder.Short(reason) };
        });
        return again;
    }

    /// <summary>How many seconds a job may run: the attempts of its RetryStrategy share them.</summary>
    public int Runtime(DescribeTrainingJob.Response job)
    {
        var most = job.StoppingCondition.MaxRuntimeInSeconds!.Value;
        return Table.Find(job.TrainingJobName) is { TrainingStartTime: { } start } now && Attempts(now) > 1
            ? Math.Max(1, most - (int)(time.GetUtcNow() - start).TotalSeconds) : most;
    }

    private static int Attempts(DescribeTrainingJob.Response job) => job.SecondaryStatusTransitions.Count(t => t.Status == Starting);

    private void Change(DescribeTrainingJob.Response job, Func<DescribeTrainingJob.Response, DescribeTrainingJob.Response> change)
    {
        Table.Change(job.TrainingJobName, change);
        changes.Signal(job.TrainingJobArn);
    }
}
