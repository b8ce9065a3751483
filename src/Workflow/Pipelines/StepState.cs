namespace Slipway.Workflow.Pipelines;

/// <summary>A step as a follower sees it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Status">AWS's status: Starting, Executing, Succeeded, Failed, Stopped, …</param>
/// <param name="Start">When it started, where it has.</param>
/// <param name="End">When it ended, where it has.</param>
/// <param name="Reason">Why it failed, where it has.</param>
/// <param name="CachedFrom">The execution whose result it took over, where it did.</param>
/// <param name="Attempt">Which attempt it is, from 1: more where a retry policy has it tried again.</param>
public sealed record StepState(string Name, string Status, DateTimeOffset? Start, DateTimeOffset? End, string? Reason, string? CachedFrom = null, int Attempt = 1);
