using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.Jobs;

/// <summary>The states of training and processing jobs and the ways between them.</summary>
internal static class JobStates
{
    private static readonly Dictionary<JobStatus, JobStatus[]> Next = new()
    {
        [JobStatus.InProgress] = [JobStatus.InProgress, JobStatus.Completed, JobStatus.Failed, JobStatus.Stopping, JobStatus.Stopped],
        [JobStatus.Stopping] = [JobStatus.Stopped, JobStatus.Failed],
        [JobStatus.Completed] = [],
        [JobStatus.Failed] = [],
        [JobStatus.Stopped] = [],
    };

    /// <summary>The states in which a job has not come to its end.</summary>
    public static string[] Unfinished { get; } = [.. Next.Keys.Where(s => !s.IsFinal()).Select(s => s.ToString())];

    /// <summary>Whether a job has come to its end.</summary>
    public static bool IsFinal(this JobStatus status) => Next[status].Length == 0;

    /// <summary>A training job in its next state.</summary>
    /// <exception cref="InvalidOperationException">There is no way from its state to that one.</exception>
    public static DescribeTrainingJob.Response MoveTo(
        this DescribeTrainingJob.Response job, JobStatus status, string secondary, string message, DateTimeOffset now)
    {
        Check(job.TrainingJobStatus, status);
        var before = job.SecondaryStatusTransitions;
        return job with
        {
            TrainingJobStatus = status,
            SecondaryStatus = secondary,
            LastModifiedTime = now,
            TrainingEndTime = status.IsFinal() ? now : null,
            SecondaryStatusTransitions =
            [
                .. before.Take(before.Count - 1),
                .. before.TakeLast(1).Select(t => t with { EndTime = now }),
                new(secondary, now, status.IsFinal() ? now : null, message),
            ],
        };
    }

    /// <summary>A processing job in its next state.</summary>
    /// <exception cref="InvalidOperationException">There is no way from its state to that one.</exception>
    public static DescribeProcessingJob.Response MoveTo(this DescribeProcessingJob.Response job, JobStatus status, DateTimeOffset now)
    {
        Check(job.ProcessingJobStatus, status);
        return job with { ProcessingJobStatus = status, LastModifiedTime = now, ProcessingEndTime = status.IsFinal() ? now : null };
    }

    private static void Check(JobStatus from, JobStatus to)
    {
        if (!Next[from].Contains(to))
        {
            throw new InvalidOperationException($"a job can't go from {from} to {to}");
        }
    }
}
