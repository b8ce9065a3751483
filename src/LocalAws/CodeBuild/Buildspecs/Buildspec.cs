namespace Slipway.LocalAws.CodeBuild.Buildspecs;

/// <summary>A buildspec of version 0.2: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html</summary>
internal sealed record Buildspec
{
    /// <summary>The shell that runs the commands: <c>bash</c> or <c>/bin/sh</c>.</summary>
    public string Shell { get; init; } = "/bin/sh";

    /// <summary>Variables and their values.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>Variables and the names of the parameters that have their values.</summary>
    public IReadOnlyDictionary<string, string> ParameterStore { get; init; } = new Dictionary<string, string>();

    /// <summary>The variables that the build exports.</summary>
    public IReadOnlyList<string> ExportedVariables { get; init; } = [];

    /// <summary>Whether git asks for the build's own credentials.</summary>
    public bool GitCredentialHelper { get; init; }

    /// <summary>The runtimes that the install phase asks for, and their versions.</summary>
    public IReadOnlyDictionary<string, string> RuntimeVersions { get; init; } = new Dictionary<string, string>();

    /// <summary>What the phases do, by the names of <see cref="Phase"/>.</summary>
    public IReadOnlyDictionary<string, PhaseCommands> Phases { get; init; } = new Dictionary<string, PhaseCommands>();

    /// <summary>The artifacts, by identifier; the primary one's is empty.</summary>
    public IReadOnlyDictionary<string, ArtifactRule> Artifacts { get; init; } = new Dictionary<string, ArtifactRule>();

    /// <summary>What is kept for the next build.</summary>
    public IReadOnlyList<string> CachePaths { get; init; } = [];
}

/// <summary>What a phase does.</summary>
/// <param name="Commands">Its commands, each of one or more lines.</param>
/// <param name="Finally">The commands that run after them however they ended.</param>
/// <param name="OnFailure">ABORT or CONTINUE, where it says what a failure does; else null.</param>
internal sealed record PhaseCommands(IReadOnlyList<string> Commands, IReadOnlyList<string> Finally, string? OnFailure);

/// <summary>A buildspec that can't be used; the message names the line and the key.</summary>
internal sealed class BuildspecException(string message, Exception? inner = null) : Exception(message, inner);
