using System.Globalization;

namespace Slipway.Tests.Crashes;

/// <summary>A moment at which local AWS is killed: so many changes of its data directory, or so many milliseconds, after a stage of its work has begun.</summary>
/// <param name="Stage">The stage.</param>
/// <param name="Changes">The number of changes (a write of a database's log, a new file of an object, a folder of a job), or 0.</param>
/// <param name="Milliseconds">The time, where changes do not count.</param>
internal sealed record Moment(string Stage, int Changes, int Milliseconds)
{
    public override string ToString() => Changes > 0 ? $"{Stage} + {Changes} changes" : $"{Stage} + {Milliseconds} ms";
}

/// <summary>Watches a data directory from outside and kills at a moment: what is being written then stays half done.</summary>
internal sealed class KillSwitch : IDisposable
{
    private readonly FileSystemWatcher _watcher;
    private readonly Lock _lock = new();
    private Armed? _armed;

    public KillSwitch(string directory)
    {
        _watcher = new(directory)
        {
            IncludeSubdirectories = true, InternalBufferSize = 1 << 20,
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
        };
        _watcher.Created += (_, change) => Take(change);
        _watcher.Changed += (_, change) => Take(change);
        _watcher.Deleted += (_, change) => Take(change);
        _watcher.EnableRaisingEvents = true;
    }

    /// <summary>Kills at a moment.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="hasBegun">Says, for each change, whether the moment's stage has begun.</param>
    /// <param name="kill">Kills.</param>
    /// <param name="latest">What it does not wait longer than to kill, where too few changes come; null waits for them.</param>
    /// <returns>The moment and what was changed last before it.</returns>
    public Task<string> At(Moment moment, Func<FileSystemEventArgs, bool> hasBegun, Action kill, Task? latest)
    {
        var armed = new Armed(moment, hasBegun, kill);
        lock (_lock)
        {
            _armed = armed;
        }

        _ = latest?.ContinueWith(_ => armed.Fire(null), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        return armed.Done.Task;
    }

    public void Dispose() => _watcher.Dispose();

    private void Take(FileSystemEventArgs change)
    {
        lock (_lock)
        {
            if (_armed is not { } armed || !(armed.Begun || (armed.Begun = armed.HasBegun(change))))
            {
                return;
            }

            if (armed.Moment.Changes == 0)
            {
                _armed = null;
                _ = Task.Delay(TimeSpan.FromMilliseconds(armed.Moment.Milliseconds), TimeProvider.System).ContinueWith(_ => armed.Fire(change), TaskScheduler.Default);
            }
            else if (++armed.Seen >= armed.Moment.Changes)
            {
                _armed = null;
                armed.Fire(change);
            }
        }
    }

    private sealed class Armed(Moment moment, Func<FileSystemEventArgs, bool> hasBegun, Action kill)
    {
        private int _fired;

        public Moment Moment { get; } = moment;

        public Func<FileSystemEventArgs, bool> HasBegun { get; } = hasBegun;

        public TaskCompletionSource<string> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Begun { get; set; }

        public int Seen { get; set; }

        public void Fire(FileSystemEventArgs? change)
        {
            if (Interlocked.Exchange(ref _fired, 1) == 1)
            {
                return;
            }

            try
            {
                kill();
                Done.SetResult(string.Create(CultureInfo.InvariantCulture, $"{Moment}, after {(change is null ? "all that was to do" : $"{change.ChangeType} {change.Name}")}"));
            }
            catch (Exception e)
            {
                Done.SetException(e);
            }
        }
    }
}
