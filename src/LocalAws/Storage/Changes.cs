using System.Collections.Concurrent;

namespace Slipway.LocalAws.Storage;

/// <summary>
/// Wakes who waits for a resource to change. Ask for <see cref="Next"/> first, then read the resource, then await:
/// a change between the two is not missed.
/// </summary>
internal sealed class Changes
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waiting = new();

    /// <summary>Completes at the next change of a resource.</summary>
    public Task Next(string arn) => _waiting.GetOrAdd(arn, static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Says that a resource has changed; call it after the change is committed.</summary>
    public void Signal(string arn)
    {
        if (_waiting.TryRemove(arn, out var waiting))
        {
            waiting.SetResult();
        }
    }
}
