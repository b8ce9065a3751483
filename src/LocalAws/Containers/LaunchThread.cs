using System.Collections.Concurrent;

namespace Slipway.LocalAws.Containers;

/// <summary>
/// The one thread that starts processes. Linux ends a process that asked to die with its parent when the parent's
/// thread ends, and threads of the pool come and go.
/// </summary>
internal sealed class LaunchThread : IDisposable
{
    private readonly BlockingCollection<Action> _work = [];
    private readonly Thread _thread;

    public LaunchThread()
    {
        _thread = new Thread(Loop) { IsBackground = true, Name = "container launcher" };
        _thread.Start();
    }

    /// <summary>Runs a function on the thread and gives its result, or throws what it threw.</summary>
    public T Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    private void Loop()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            work();
        }
    }
}
