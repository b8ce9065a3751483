namespace Slipway.Tests;

/// <summary>
/// How long a test waits for what should come soon. It says nothing of speed: it is long enough for a disk or a machine
/// that stalls, and only keeps a test that waits in vain from waiting for <see cref="HangGuardAttribute"/>.
/// </summary>
internal static class Patience
{
    /// <summary>The longest wait for one thing.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    /// <summary>A token that is cancelled with the test's own, and after <see cref="Limit"/> at the latest.</summary>
    public static CancellationTokenSource Token()
    {
        var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Limit);
        return late;
    }

    /// <summary>Asks again and again until something is so, as a client of another process must.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var late = Token();
        while (!await isSo())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, late.Token);
        }
    }
}
