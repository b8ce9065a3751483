using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>Every execution that runs, and after a start those that had not ended.</summary>
internal sealed class Executor(
    LocalAwsOptions options, ExecutionStore store, PipelineVersions versions, DefinitionReader reader, StepRunner runner, PropertyFiles files, Changes changes, ServerLog log, TimeProvider time)
    : IResume, IAsyncDisposable
{
    private static readonly TimeSpan WaitForStorage = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Running> _running = [];
    private readonly CancellationTokenSource _shutdown = new();

    /// <summary>An execution makes jobs: one that was made before the jobs are looked for would be started twice.</summary>
    public int Turn => 1;

    /// <summary>Runs an execution that the database says is to run, after what still runs of it.</summary>
    public void Begin(string id)
    {
        lock (_lock)
        {
            var before = _running.GetValueOrDefault(id)?.Task ?? Task.CompletedTask;
            var running = _running[id] = new Running();
            running.Task = Task.Run(() => RunAfter(before, id, running));
        }
    }

    /// <summary>Tells an execution that its row has changed.</summary>
    public void Wake(string id)
    {
        lock (_lock)
        {
            _running.GetValueOrDefault(id)?.Run?.Wake();
        }
    }

    public Task Resume(CancellationToken cancellation)
    {
        store.Unfinished().ForEach(Begin);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        Task[] tasks;
        lock (_lock)
        {
            tasks = [.. _running.Values.Select(r => r.Task)];
        }

        await Task.WhenAll(tasks);
        _shutdown.Dispose();
    }

    private async Task RunAfter(Task before, string id, Running running)
    {
        // how that one ended is told
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var row = store.Find(id);
        try
        {
            if (row is { IsOver: false })
            {
                await RunOn(row, running);
            }
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            // the rows say how far it had come; the next start takes it up
        }
        catch (Exception e)
        {
            log.Write($"{row!.Facts.Arn}: {e}");
            var reason = e is AwsException known ? known.Message : StorageFailure.Explain(e, options.DataDirectory) ?? "InternalServerError: local AWS failed on this execution. Its log has the cause under the execution's ARN.";
            store.Change(id, r => r with { Status = PipelineExecutionStatus.Failed, FailureReason = reason, Modified = time.GetUtcNow() });
        }

        lock (_lock)
        {
            if (_running.GetValueOrDefault(id) == running)
            {
                _running.Remove(id);
            }
        }

        changes.Signal(row?.Facts.Arn ?? id);
    }

    /// <summary>Runs an execution, and where the disk is full takes it up from its rows, as after a crash, until there is room.</summary>
    private async Task RunOn(ExecutionRow row, Running running)
    {
        while (true)
        {
            try
            {
                await Run(row, running);
                return;
            }
            catch (Exception e) when (StorageFailure.IsFull(e))
            {
                log.Write($"{row.Facts.Arn} waits for room on the disk: {e.Message}");
            }

            await Task.Delay(WaitForStorage, time, _shutdown.Token);
            row = store.Find(row.Id)!;
        }
    }

    private async Task Run(ExecutionRow row, Running running)
    {
        var definition = SelectiveExecution.Part(reader.Read(versions.Find(row.Pipeline, row.Version)!.Definition), row.Facts.Selection);
        using var run = new ExecutionRun(row, definition, store, runner, new Scope(row, definition, files, time), time);
        lock (_lock)
        {
            running.Run = run;
        }

        // a change before the run could be told of it stands in the row
        run.Wake();
        await run.Run(_shutdown.Token);
    }

    private sealed class Running
    {
        public Task Task { get; set; } = Task.CompletedTask;

        public ExecutionRun? Run { get; set; }
    }
}
