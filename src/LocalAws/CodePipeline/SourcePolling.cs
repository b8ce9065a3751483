using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>
/// Starts pipelines whose sources are polled: those of PollForSourceChanges, which is on where nothing is said. AWS looks
/// about once a minute; here it is a look into the database.
/// </summary>
internal sealed class SourcePolling : IResume, IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private readonly Database _database;
    private readonly SeenRevisions _seen;
    private readonly ExecutionStarts _starts;
    private readonly TimeProvider _time;
    private readonly BackgroundLoop _loop;

    public SourcePolling(Database database, SeenRevisions seen, ExecutionStarts starts, ServerLog log, TimeProvider time)
    {
        (_database, _seen, _starts, _time) = (database, seen, starts, time);
        _loop = new("CodePipeline's polling", Work, log, time);
    }

    /// <summary>It starts executions, whose actions are looked for before.</summary>
    public int Turn => 3;

    public Task Resume(CancellationToken cancellation)
    {
        _loop.Start();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async Task Work(CancellationToken stop)
    {
        foreach (var pipeline in _seen.All().GroupBy(s => s.Pipeline))
        {
            var changed = pipeline.Select(s => (Before: s, Now: _seen.Newest(s))).Where(s => s.Now != s.Before.Revision).ToList();
            if (changed.Count > 0)
            {
                _database.Write(_ => Start(pipeline.Key, changed));
            }
        }

        await Task.Delay(Period, _time, stop);
    }

    /// <summary>Starts a pipeline once for all its sources that changed; a source that is gone starts nothing.</summary>
    private void Start(string name, List<(SeenRevision Before, string? Now)> changed)
    {
        var isNew = changed.Where(s => _seen.Keep(s.Before, s.Now)).ToList().Exists(s => s.Now is not null);
        if (isNew)
        {
            var source = changed[0].Before.Action;
            _starts.TryStart(name, $"A change of {source}", new("PollForSourceChanges", source));
        }
    }
}
