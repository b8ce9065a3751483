namespace Slipway.Workflow;

/// <summary>How often a state of AWS's is asked for: often while it changes, less and less while it does not.</summary>
internal sealed class Waiting(TimeProvider time)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private TimeSpan _next = Shortest;

    /// <summary>Waits for the next look.</summary>
    public async Task Next(CancellationToken cancellation)
    {
        await Task.Delay(_next, time, cancellation);
        _next = TimeSpan.FromTicks(Math.Min(Longest.Ticks, _next.Ticks * 5 / 4));
    }

    /// <summary>Something has changed: look often again.</summary>
    public void Changed() => _next = Shortest;
}
