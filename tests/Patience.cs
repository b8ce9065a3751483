using System.Text.Json;

namespace Slipway.Tests;

/// <summary>
/// How long a test waits for what should come soon. It says nothing of speed: it is long enough for a disk or a machine
/// that stalls, and only keeps a test that waits in vain from waiting for <see cref="HangGuardAttribute"/>.
/// </summary>
internal static class Patience
{
    /// <summary>The longest wait for one thing.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A token that is cancelled with the test's own, and after <see cref="Limit"/> at the latest.</summary>
    public static CancellationTokenSource Token()
    {
        var late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(Limit);
        return late;
    }

    /// <summary>Asks again and again until something is so, as a client of another process must.</summary>
    public static Task Until(Func<Task<bool>> isSo) => Until(isSo, so => so);

    /// <summary>Reads again and again until what is read is right, and gives it; fails with what was read last where it never is.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="isRight">Whether it is as it should be.</param>
    /// <param name="beside">What else a failure is told with, such as a server's log.</param>
    /// <param name="limit">What ends the wait; <see cref="Limit"/> where it is null.</param>
    public static async Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> isRight, Func<string>? beside = null, CancellationToken? limit = null)
    {
        using var late = Token();
        var end = limit ?? late.Token;
        while (true)
        {
            var found = await read();
            if (isRight(found))
            {
                return found;
            }

            Assert.False(end.IsCancellationRequested, $"waited in vain; what was read last: {JsonSerializer.Serialize(found)}\n{beside?.Invoke()}");
            await Task.Delay(Pause, TimeProvider.System, CancellationToken.None);
        }
    }
}
