namespace Slipway.LocalAws.Wire;

/// <summary>Does a part's work over and over in the background, until it is disposed; what fails is told in the server's log.</summary>
/// <param name="name">The part's name, for the log.</param>
/// <param name="work">Does what there is to do, and waits for more.</param>
/// <param name="log">Where failures are told.</param>
/// <param name="time">Where time comes from.</param>
internal sealed class BackgroundLoop(string name, Func<CancellationToken, Task> work, ServerLog log, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    public void Start() => _run = Task.Run(Run, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await work(_stop.Token);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.Write($"{name}: {e}");
                await Task.Delay(WaitAfterFailure, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
