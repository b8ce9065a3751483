namespace Slipway.LocalAws.Storage;

/// <summary>Wakes whoever does work in the background where there is some.</summary>
internal class WorkSignal : IDisposable
{
    private readonly SemaphoreSlim _work = new(0);

    public void Wake() => _work.Release();

    /// <summary>Completes when it was woken, or a time has passed.</summary>
    public async Task Wait(TimeSpan most, TimeProvider time, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(most, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, limit.Token);
        try
        {
            await _work.WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
        }
    }

    public void Dispose() => _work.Dispose();
}
