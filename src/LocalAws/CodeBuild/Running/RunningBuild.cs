using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.CodeBuild.Buildspecs;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>A build while it runs.</summary>
/// <param name="Record">What is kept of it, as it began.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="Log">Its log.</param>
/// <param name="Cancellation">Ends it: it is stopped, its time is over, or local AWS ends.</param>
internal sealed record RunningBuild(BuildRecord Record, BuildFolder Folder, BuildLog Log, CancellationToken Cancellation)
{
    private BuildShell? _shell;
    private Buildspec? _spec;

    /// <summary>Its id.</summary>
    public string Id => Record.Build.Id;

    /// <summary>Its shell, once there is one.</summary>
    public BuildShell Shell
    {
        get => _shell ?? throw new InvalidOperationException("the build has no container yet");
        set => _shell = value;
    }

    /// <summary>Its buildspec, once it has been read.</summary>
    public Buildspec Spec
    {
        get => _spec ?? throw new InvalidOperationException("the buildspec has not been read yet");
        set => _spec = value;
    }

    /// <summary>What is built: the commit, or the version of the object; null where there is none.</summary>
    public string? ResolvedVersion { get; set; }

    /// <summary>What is built of the secondary sources, by their identifiers.</summary>
    public Dictionary<string, string?> SecondaryVersions { get; } = [];

    /// <summary>What the buildspec exports, once all commands have run.</summary>
    public IReadOnlyList<ExportedEnvironmentVariable>? Exported { get; set; }

    /// <summary>What the commands left, once all of them have run; null where the container ended before.</summary>
    public BuildOutcome? Outcome { get; set; }

    /// <summary>Whether all phases so far succeeded.</summary>
    public bool Succeeds { get; set; } = true;

    /// <summary>Whether the commands were last told that they do, by CODEBUILD_BUILD_SUCCEEDING.</summary>
    public bool ToldToSucceed { get; set; } = true;

    /// <summary>Lets its processes end by themselves for a while, and ends them.</summary>
    public Task Stop(TimeSpan grace) => _shell?.Stop(grace) ?? Task.CompletedTask;

    /// <summary>Ends its processes; nothing where it has none any more.</summary>
    public Task EndProcesses() => _shell?.Kill() ?? Task.CompletedTask;

    /// <summary>The folder of its container as the container sees it.</summary>
    public string Root { get; init; } = "";
}
