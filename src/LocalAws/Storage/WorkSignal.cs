namespace Slipway.LocalAws.Storage;

/// <summary>Wakes whoever does work in the background where there is some.</summary>
internal class WorkSignal : IDisposable
{
    /// <summary>A clock that jumps is noticed after this long at the latest.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    /// <summary>More than the clock goes on by itself while a timer is set.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _work = new(0);

    public void Wake() => _work.Release();

    /// <summary>Completes when it was woken, when a time has come, or after <see cref="LongestSleep"/>.</summary>
    public async Task Wait(DateTimeOffset? until, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        DateTimeOffset now;
        do
        {
            now = time.GetUtcNow();
            if (now >= until)
            {
                return;
            }

            limit.CancelAfter(until is { } due && due - now < LongestSleep ? due - now : LongestSleep);
        }
        // where the clock was put forward in between, the timer would come too late
        while (time.GetUtcNow() - now > Jump);

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await _work.WaitAsync(either.Token);
            // one look at the work serves every wake that came before it
            while (_work.Wait(0))
            {
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _work.Dispose();
}
