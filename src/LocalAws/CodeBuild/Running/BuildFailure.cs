namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>A phase that fails by what the build was given.</summary>
/// <param name="code">The status code of the phase's context.</param>
/// <param name="message">Its message.</param>
/// <param name="inner">What it was told by.</param>
internal sealed class BuildFailure(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>AWS's code of what the client gave.</summary>
    public const string Client = "CLIENT_ERROR";

    /// <summary>AWS's code of a buildspec that can't be used.</summary>
    public const string Yaml = "YAML_FILE_ERROR";

    /// <summary>AWS's code of a command that failed.</summary>
    public const string Command = "COMMAND_EXECUTION_ERROR";

    /// <summary>The status code of the phase's context.</summary>
    public string Code { get; } = code;
}
