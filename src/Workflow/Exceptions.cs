namespace Slipway.Workflow;

/// <summary>Work that could not be done, with the reason in words for a person.</summary>
public class WorkflowException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>What the caller gave is wrong: where, what, and what to do.</summary>
public class BadInputException(string message, Exception? inner = null) : WorkflowException(message, inner);

/// <summary>The gate did not let a model be registered: the numbers and the reason.</summary>
public sealed class GateRefusedException(string message) : WorkflowException(message);
