using System.Globalization;
using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.Logs;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>The builds that run now. They have slots of their own, because builds wait for the jobs that they start.</summary>
internal sealed class RunningBuilds(LocalAwsOptions options, ServerLog log, ContainerHost containers, TimeProvider time) : RunningJobs(options, log, containers, time);

/// <summary>Runs builds from their queue to their end.</summary>
internal sealed class BuildRuns(LocalAwsOptions options, BuildTable builds, RunningBuilds running, BuildPreparation preparation, BuildWork work, LogStore logs, TimeProvider time) : IResume
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>
    /// A build that was under way begins again from its source, and says so; one whose commands had all run goes on to its
    /// artifacts, so that nothing runs twice to its end; one that was to stop has stopped.
    /// </summary>
    public Task Resume(CancellationToken cancellation)
    {
        var open = builds.Table.All().Where(b => !b.Build.BuildComplete).OrderBy(b => b.Build.StartTime).ToList();
        BuildFolder.Sweep(options, [.. open.Where(b => b.HasRun()).Select(b => b.Build.Id)]);
        open.ForEach(Start);
        return Task.CompletedTask;
    }

    /// <summary>Starts a build, when there is a slot for it.</summary>
    public void Start(BuildRecord build)
    {
        var id = build.Build.Id;
        var queued = time.CreateTimer(_ => running.Stop(id), null, TimeSpan.FromMinutes(build.Build.QueuedTimeoutInMinutes), Timeout.InfiniteTimeSpan);
        running.Start(id, async signals =>
        {
            await queued.DisposeAsync();
            await Run(id, signals);
        }, reason =>
        {
            Complete(id, Status.Fault, new(Status.Fault, new("INTERNAL_SERVICE_ERROR", reason)));
            return false;
        });
    }

    /// <summary>Asks a build to stop; nothing where it has ended.</summary>
    public void Stop(string id)
    {
        builds.Change(id, b => b.Build.BuildComplete ? b : b with { StopRequested = true });
        running.Stop(id);
    }

    /// <summary>The KMS key for what a build's settings let it write; AWS's own key for S3 by its name, which is the same in each region.</summary>
    public static string KmsKey(Project settings) =>
        settings.EncryptionKey!.EndsWith(":alias/aws/s3", StringComparison.Ordinal) ? "alias/aws/s3" : settings.EncryptionKey;

    private async Task Run(string id, JobSignals signals)
    {
        if (builds.Table.Find(id) is not { Build.BuildComplete: false } record)
        {
            return;
        }

        if (signals.Stop.IsCancellationRequested || record.StopRequested)
        {
            Interrupted(id, "Build has timed out while it was queued.");
            return;
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(record.Build.TimeoutInMinutes), time);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(signals.Stop, signals.Shutdown, limit.Token);
        var folder = new BuildFolder(options, id);
        var build = preparation.Begin(record, folder, new(logs, record.Build.Logs, folder.Scratch("log"), time), cancel.Token);
        try
        {
            await (record.HasRun()
                ? work.Finish(build, record.Build.CurrentPhase == Phase.UploadArtifacts ? record.Outcome : null)
                : work.Run(build));
        }
        catch (OperationCanceledException) when (!signals.Shutdown.IsCancellationRequested)
        {
            await build.Stop(Grace);
            await SaveLog(build, signals.Shutdown);
            Interrupted(id, string.Create(CultureInfo.InvariantCulture, $"Build has timed out after {record.Build.TimeoutInMinutes} minutes."));
        }
        finally
        {
            await build.EndProcesses();
            // what its commands have left is still to be uploaded by the next start
            if (builds.Table.Find(id) is not { Build.BuildComplete: false } left || !left.HasRun())
            {
                folder.Remove();
            }
        }
    }

    private async Task SaveLog(RunningBuild build, CancellationToken cancellation)
    {
        try
        {
            await work.SaveLog(build, cancellation);
        }
        catch (BuildFailure e)
        {
            build.Log.Write(e.Message);
        }
    }

    /// <summary>Ends a build that somebody stopped, or else whose time is over.</summary>
    private void Interrupted(string id, string late)
    {
        var stopped = builds.Table.Find(id)?.StopRequested == true;
        Complete(id, stopped ? Status.Stopped : Status.TimedOut, stopped
            ? new(Status.Stopped, new("", "Build was stopped."))
            : new(Status.TimedOut, new("BUILD_TIMED_OUT", late)));
    }

    private void Complete(string id, string status, PhaseEnd end) =>
        builds.Change(id, b => b.Build.BuildComplete ? b : b with { Build = b.Build.Complete(status, end, time.GetUtcNow()) });
}
