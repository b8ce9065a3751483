using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker;

/// <summary>Deletes jobs that have ended, of whichever kind.</summary>
internal sealed class JobDeletion(Database database, Tags tags, RunningJobs running)
{
    /// <summary>Deletes a job and its tags, when nothing of it is under way any more.</summary>
    /// <param name="kind"><c>processing</c> or <c>training</c>.</param>
    /// <param name="arn">The job.</param>
    /// <param name="status">Reads its status; null where there is no such job.</param>
    /// <param name="delete">Takes it out of its table.</param>
    /// <exception cref="AwsException">ResourceNotFound; ResourceInUse, where it has not ended.</exception>
    public async Task Delete(string kind, string arn, Func<JobStatus?> status, Action delete)
    {
        RequireEnd(kind, arn, status());
        // a new job may have its name from now on, and must not meet its folder
        await running.Over(arn);
        database.Write(_ =>
        {
            RequireEnd(kind, arn, status());
            delete();
            tags.Forget(arn);
        });
    }

    private static void RequireEnd(string kind, string arn, JobStatus? status)
    {
        if (status is not { } found)
        {
            throw AwsErrors.ResourceNotFound($"Could not find {kind} job {arn}.");
        }

        if (!found.IsFinal())
        {
            throw AwsErrors.ResourceInUse($"The {kind} job {arn} is in status {found}; only jobs that have ended can be deleted. Stop it first.");
        }
    }
}
