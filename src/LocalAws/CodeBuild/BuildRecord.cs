using Slipway.Aws.CodeBuild;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>A build as it is kept.</summary>
/// <param name="Build">What AWS shows of it.</param>
/// <param name="Settings">Its project with the overrides in their place, which a retry runs again.</param>
internal sealed record BuildRecord(Build Build, Project Settings)
{
    /// <summary>What CodePipeline asked for, or null.</summary>
    public PipelineBuild? Pipeline { get; init; }

    /// <summary>Whether somebody asked it to stop.</summary>
    public bool StopRequested { get; init; }

    /// <summary>How often it has begun: more than once where local AWS ended while it ran.</summary>
    public int Begun { get; init; }

    /// <summary>What its commands left, once all of them have run.</summary>
    public BuildOutcome? Outcome { get; init; }

    /// <summary>Whether its commands are over: from here on nothing of it runs again.</summary>
    public bool HasRun() => Outcome is not null || Build.CurrentPhase == Phase.Finalizing;
}

/// <summary>What the commands of a build left.</summary>
/// <param name="Artifacts">What is to be uploaded, by the artifact's identifier; the primary one's is empty.</param>
/// <param name="CachePaths">What is to be kept for the next build.</param>
internal sealed record BuildOutcome(IReadOnlyDictionary<string, ArtifactRule> Artifacts, IReadOnlyList<string> CachePaths);

/// <summary>A set of artifacts of a buildspec, with the values of its variables.</summary>
/// <param name="Files">Patterns below the base directories.</param>
/// <param name="ExcludePaths">Patterns of what is left out.</param>
/// <param name="BaseDirectory">Where the files are looked for, a path or a pattern below the source's folder; null: the folder itself.</param>
/// <param name="DiscardPaths">Whether all files go into one folder.</param>
/// <param name="Name">The name that counts where the project lets it, or null.</param>
internal sealed record ArtifactRule(
    IReadOnlyList<string> Files, IReadOnlyList<string> ExcludePaths, string? BaseDirectory, bool DiscardPaths, string? Name);
