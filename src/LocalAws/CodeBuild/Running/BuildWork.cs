using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Sources;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>Takes a build through its phases: https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html</summary>
internal sealed class BuildWork(
    BuildTable builds, BuildPreparation preparation, ArtifactUploads uploads, BuildCaches caches, ObjectStore objects, TimeProvider time)
{
    private static readonly string[] CommandPhases = [Phase.Install, Phase.PreBuild, Phase.Build, Phase.PostBuild];

    /// <summary>Runs a build from its beginning.</summary>
    public async Task Run(RunningBuild build)
    {
        build.Folder.Make();
        var again = build.Record.Begun > 0;
        builds.Change(build.Id, b => b with { Begun = b.Begun + 1, Build = again ? b.Build.Anew(time.GetUtcNow()) : b.Build });
        if (again)
        {
            build.Log.Write("Local AWS ended while this build ran, so it begins again from its source. What its commands did before is done, and they run again.");
        }

        var end = await Try(build, Phase.Provisioning, PhaseEnd.Success, () => preparation.Provision(build));
        var goesOn = IsSuccess(end);
        if (goesOn)
        {
            end = await Try(build, Phase.DownloadSource, end, () => preparation.Download(build));
            goesOn = IsSuccess(end);
        }

        foreach (var phase in CommandPhases.TakeWhile(_ => goesOn))
        {
            end = await Try(build, phase, end, () => Commands(build, phase));
            goesOn = GoesOn(build, phase, end);
        }

        if (!goesOn || build.Outcome is not { } outcome)
        {
            Enter(build, Phase.Finalizing, end, null);
            await Finalize(build);
            return;
        }

        await build.EndProcesses();
        Enter(build, Phase.UploadArtifacts, end, outcome);
        await Finish(build, outcome);
    }

    /// <summary>Takes a build whose commands have all run to its end: its artifacts, its cache and its log.</summary>
    /// <param name="build">The build.</param>
    /// <param name="outcome">What its commands left; null where there is nothing to upload any more.</param>
    public async Task Finish(RunningBuild build, BuildOutcome? outcome)
    {
        if (outcome is not null)
        {
            Enter(build, Phase.Finalizing, await Attempt(build, () => Upload(build, outcome)), null);
        }

        await Finalize(build);
    }

    /// <summary>Takes the log of a build to S3, where its project wants it there.</summary>
    /// <exception cref="BuildFailure">S3 does not take it.</exception>
    public async Task SaveLog(RunningBuild build, CancellationToken cancellation)
    {
        if (await build.Log.Pack(cancellation) is not { } log)
        {
            return;
        }

        var place = SourceLocation.ObjectOf(build.Record.Build.Logs.S3LogsArn)!;
        var key = build.Record.Build.Logs.S3Logs!.EncryptionDisabled == true ? null : BuildRuns.KmsKey(build.Record.Settings);
        try
        {
            await objects.PutFile(place.Bucket, place.Key, log, key, cancellation);
        }
        catch (AwsException e)
        {
            throw new BuildFailure(BuildFailure.Client, $"Error while uploading the log to {place}: {e.Message} ({e.Code})", e);
        }
    }

    private static bool IsSuccess(PhaseEnd end) => end.Status == Status.Succeeded;

    /// <summary>Whether the next phase follows: what BUILD and POST_BUILD leave can tell why they failed, unless the buildspec says otherwise.</summary>
    private static bool GoesOn(RunningBuild build, string phase, PhaseEnd end) =>
        IsSuccess(end) || (build.Spec.Phases.GetValueOrDefault(phase)?.OnFailure switch
        {
            "CONTINUE" => true,
            "ABORT" => false,
            _ => phase is Phase.Build or Phase.PostBuild,
        });

    private static async Task<PhaseEnd> Commands(RunningBuild build, string phase)
    {
        await BuildCommands.Tell(build, build.Succeeds);
        var end = await BuildCommands.Run(build, phase);
        if (phase == Phase.PostBuild)
        {
            build.Exported = await BuildCommands.Exported(build);
            build.Outcome = await BuildCommands.Outcome(build);
        }

        return end;
    }

    private async Task<PhaseEnd> Upload(RunningBuild build, BuildOutcome outcome)
    {
        var uploaded = await uploads.Upload(build, outcome);
        // they are in S3, whatever becomes of the cache
        var record = builds.Change(build.Id, b => b with
        {
            Build = b.Build with { Artifacts = uploaded[0], SecondaryArtifacts = uploaded.Count > 1 ? [.. uploaded.Skip(1)] : b.Build.SecondaryArtifacts },
        });
        if (record is not null && record.Build.Phases.All(p => p.PhaseStatus is null or Status.Succeeded))
        {
            await caches.Save(build, outcome.CachePaths);
        }

        return PhaseEnd.Success;
    }

    /// <summary>Enters a phase and does its work.</summary>
    private Task<PhaseEnd> Try(RunningBuild build, string phase, PhaseEnd before, Func<Task<PhaseEnd>> work)
    {
        Enter(build, phase, before, null);
        return Attempt(build, work);
    }

    private static async Task<PhaseEnd> Attempt(RunningBuild build, Func<Task<PhaseEnd>> work)
    {
        PhaseEnd end;
        try
        {
            end = await work();
        }
        catch (BuildFailure e)
        {
            // whoever ends the build ends its container too, which looks like a failure
            build.Cancellation.ThrowIfCancellationRequested();
            end = PhaseEnd.Failure(e.Code, build.Log.Mask.Apply(e.Message));
        }

        build.Succeeds &= IsSuccess(end);
        return end;
    }

    private void Enter(RunningBuild build, string phase, PhaseEnd before, BuildOutcome? outcome)
    {
        var changed = builds.Change(build.Id, b => b with
        {
            Build = b.Build.Enter(phase, before, time.GetUtcNow()) with { ExportedEnvironmentVariables = build.Exported ?? b.Build.ExportedEnvironmentVariables }, Outcome = outcome ?? b.Outcome,
        });
        if (changed?.Build.Phases[^2] is { PhaseType: not Phase.Queued } last)
        {
            build.Log.Write($"Phase complete: {last.PhaseType} State: {before.Status}");
            build.Log.Write($"Phase context status code: {before.Context.StatusCode} Message: {before.Context.Message}");
        }

        build.Log.Write($"Entering phase {phase}");
    }

    private async Task Finalize(RunningBuild build)
    {
        await build.EndProcesses();
        var end = await Attempt(build, async () =>
        {
            await SaveLog(build, build.Cancellation);
            return PhaseEnd.Success;
        });
        builds.Change(build.Id, b =>
        {
            var succeeded = IsSuccess(end) && b.Build.Phases.All(p => p.PhaseStatus is null or Status.Succeeded);
            return b with { Build = b.Build.Complete(succeeded ? Status.Succeeded : Status.Failed, end, time.GetUtcNow()) };
        });
    }
}
