namespace Slipway.Steps.StepHost;

/// <summary>A step that can't do its work; the message is the job's failure reason, for the person who started it.</summary>
public sealed class StepFailedException(string message, Exception? inner = null) : Exception(message, inner);
