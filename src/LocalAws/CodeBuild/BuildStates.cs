using Slipway.Aws.CodeBuild;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>The names of a build's phases, in their order: https://docs.aws.amazon.com/codebuild/latest/userguide/view-build-details-phases.html</summary>
internal static class Phase
{
    public const string Submitted = "SUBMITTED";
    public const string Queued = "QUEUED";
    public const string Provisioning = "PROVISIONING";
    public const string DownloadSource = "DOWNLOAD_SOURCE";
    public const string Install = "INSTALL";
    public const string PreBuild = "PRE_BUILD";
    public const string Build = "BUILD";
    public const string PostBuild = "POST_BUILD";
    public const string UploadArtifacts = "UPLOAD_ARTIFACTS";
    public const string Finalizing = "FINALIZING";
    public const string Completed = "COMPLETED";

    private static readonly string[] Order = [Submitted, Queued, Provisioning, DownloadSource, Install, PreBuild, Build, PostBuild, UploadArtifacts, Finalizing, Completed];

    /// <summary>Whether a build may go from one phase to another: forward, and past phases that a failure leaves out.</summary>
    public static bool Follows(string from, string to) => Array.IndexOf(Order, to) > Array.IndexOf(Order, from);
}

/// <summary>The states of builds and of their phases.</summary>
internal static class Status
{
    public const string InProgress = "IN_PROGRESS";
    public const string Succeeded = "SUCCEEDED";
    public const string Failed = "FAILED";
    public const string Fault = "FAULT";
    public const string TimedOut = "TIMED_OUT";
    public const string Stopped = "STOPPED";
}

/// <summary>How a phase ended.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Context">Why.</param>
internal sealed record PhaseEnd(string Status, PhaseContext Context)
{
    /// <summary>It did what it should.</summary>
    public static PhaseEnd Success { get; } = new(CodeBuild.Status.Succeeded, new("", ""));

    /// <summary>It failed by what it was given.</summary>
    public static PhaseEnd Failure(string code, string message) => new(CodeBuild.Status.Failed, new(code, message));
}

/// <summary>The ways between a build's states.</summary>
internal static class BuildStates
{
    /// <summary>The build in its next phase, with an end to the phase that it was in.</summary>
    /// <exception cref="InvalidOperationException">There is no way from its phase to that one.</exception>
    public static Build Enter(this Build build, string phase, PhaseEnd end, DateTimeOffset now)
    {
        if (build.BuildComplete || !Phase.Follows(build.CurrentPhase, phase))
        {
            throw new InvalidOperationException($"a build can't go from {build.CurrentPhase} to {phase}");
        }

        return build with { CurrentPhase = phase, Phases = [.. Ended(build, end, now), new BuildPhase(phase, StartTime: now)] };
    }

    /// <summary>The build at its end.</summary>
    /// <param name="build">The build.</param>
    /// <param name="status">How it ends.</param>
    /// <param name="end">How the phase ended that it is in.</param>
    /// <param name="now">The time.</param>
    public static Build Complete(this Build build, string status, PhaseEnd end, DateTimeOffset now)
    {
        var over = build.Enter(Phase.Completed, end, now);
        return over with { BuildStatus = status, BuildComplete = true, EndTime = now };
    }

    /// <summary>A build that local AWS had left in the middle, as it was when it was submitted.</summary>
    public static Build Anew(this Build build, DateTimeOffset now) => build with
    {
        CurrentPhase = Phase.Queued,
        Phases = [build.Phases[0], new BuildPhase(Phase.Queued, StartTime: now)],
        ResolvedSourceVersion = null,
        ExportedEnvironmentVariables = null,
    };

    private static IEnumerable<BuildPhase> Ended(Build build, PhaseEnd end, DateTimeOffset now)
    {
        var last = build.Phases[^1];
        return
        [
            .. build.Phases.SkipLast(1),
            last with
            {
                PhaseStatus = end.Status, EndTime = now, DurationInSeconds = (long)(now - last.StartTime!.Value).TotalSeconds, Contexts = [end.Context],
            },
        ];
    }
}
