namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>An action failed for a reason that its author can do something about.</summary>
/// <param name="code">AWS's code, such as JobFailed or ConfigurationError.</param>
/// <param name="message">The words.</param>
internal sealed class ActionFailedException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
