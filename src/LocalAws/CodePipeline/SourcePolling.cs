using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>
/// Starts pipelines whose sources are polled: those of PollForSourceChanges, which is on where nothing is said. AWS looks
/// about once a minute; here it is a look into the database.
/// </summary>
internal sealed class SourcePolling(Database database, SeenRevisions seen, PipelineTable table, ExecutionStarts starts, Flow flow, ServerLog log, TimeProvider time) : IResume, IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>It starts executions, whose actions are looked for before.</summary>
    public int Turn => 3;

    public Task Resume(CancellationToken cancellation)
    {
        _run = Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task Run()
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            do
            {
                Look();
            }
            while (await timer.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // what changes meanwhile is seen at the next start
        }
    }

    private void Look()
    {
        try
        {
            foreach (var pipeline in seen.All().GroupBy(s => s.Pipeline))
            {
                var changed = pipeline.Select(s => (Before: s, Now: seen.Newest(s))).Where(s => s.Now != s.Before.Revision).ToList();
                if (changed.Count > 0)
                {
                    database.Write(_ => Start(pipeline.Key, changed));
                }
            }
        }
        catch (Exception e)
        {
            log.Write($"CodePipeline's polling: {e}");
        }
    }

    /// <summary>Starts a pipeline once for all its sources that changed; a source that is gone starts nothing.</summary>
    private void Start(string name, List<(SeenRevision Before, string? Now)> changed)
    {
        var isNew = changed.Where(s => seen.Keep(s.Before, s.Now)).ToList().Exists(s => s.Now is not null);
        if (isNew && table.Find(name) is { } pipeline)
        {
            starts.Start(pipeline, new("PollForSourceChanges", changed[0].Before.Action));
            flow.Advance(name);
        }
    }
}
