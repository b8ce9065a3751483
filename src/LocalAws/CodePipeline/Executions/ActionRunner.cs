using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Actions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Every run of an action that is under way, and after a start those that had not ended.</summary>
internal sealed class ActionRunner : IResume, IAsyncDisposable
{
    private static readonly TimeSpan WaitForStorage = TimeSpan.FromSeconds(2);
    private readonly LocalAwsOptions _options;
    private readonly Database _database;
    private readonly ExecutionStore _store;
    private readonly Flow _flow;
    private readonly ActionSignals _signals;
    private readonly ServerLog _log;
    private readonly TimeProvider _time;
    private readonly List<IActionProvider> _providers;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly Dictionary<string, Running> _running = [];
    private Task _watch = Task.CompletedTask;

    public ActionRunner(LocalAwsOptions options, Database database, ExecutionStore store, Flow flow, ActionSignals signals, ServerLog log, TimeProvider time, Parts parts)
    {
        (_options, _database, _store, _flow, _signals, _log, _time) = (options, database, store, flow, signals, log, time);
        _providers = [.. Parts.Types.Where(t => t.IsAssignableTo(typeof(IActionProvider))).Select(t => (IActionProvider)parts.Get(t))];
    }

    /// <summary>An action starts builds and the like: it looks for them after they have been taken up.</summary>
    public int Turn => 2;

    public Task Resume(CancellationToken cancellation)
    {
        foreach (var run in _store.Running())
        {
            Begin(run.Id);
        }

        _watch = Task.Run(Watch, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _shutdown.CancelAsync();
        await _watch;
        await Task.WhenAll(_running.Values.Select(r => r.Task));
        foreach (var running in _running.Values)
        {
            running.Stop.Dispose();
        }

        _shutdown.Dispose();
    }

    private async Task Watch()
    {
        try
        {
            await foreach (var id in _signals.Changed.ReadAllAsync(_shutdown.Token))
            {
                Look(id);
            }
        }
        catch (OperationCanceledException) when (_shutdown.IsCancellationRequested)
        {
            // the rows say what was under way; the next start takes it up
        }
    }

    /// <summary>Runs what is to run, and lets go of what is over.</summary>
    private void Look(string id)
    {
        var isToRun = _store.Action(id) is { Status: ActionExecutionStatus.InProgress };
        if (isToRun && !_running.ContainsKey(id))
        {
            Begin(id);
        }
        else if (!isToRun && _running.Remove(id, out var running))
        {
            running.Stop.Cancel();
            _ = running.Task.ContinueWith(_ => running.Stop.Dispose(), TaskScheduler.Default);
        }
    }

    private void Begin(string id)
    {
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_shutdown.Token);
        _running[id] = new(Task.Run(() => Run(id, stop.Token), CancellationToken.None), stop);
    }

    private async Task Run(string id, CancellationToken cancellation)
    {
        try
        {
            while (_store.Action(id) is { Status: ActionExecutionStatus.InProgress } run && !await IsDone(run, cancellation))
            {
                await Task.Delay(WaitForStorage, _time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // it is over for another reason, or the next start takes it up
        }
        catch (Exception e)
        {
            _log.Write($"CodePipeline could not end the action {id}; the next start takes it up: {e}");
        }
    }

    /// <summary>Runs an action and keeps what came of it; false where there was no room on the disk.</summary>
    private async Task<bool> IsDone(ActionRow run, CancellationToken cancellation)
    {
        try
        {
            var result = await Result(run, cancellation);
            cancellation.ThrowIfCancellationRequested();
            var status = result.Error is null ? ActionExecutionStatus.Succeeded : ActionExecutionStatus.Failed;
            _database.Write(_ => _flow.End(run.Id, status, r => r with { Result = result }));
            return true;
        }
        catch (Exception e) when (StorageFailure.IsFull(e))
        {
            _log.Write($"CodePipeline: {run.Pipeline}, {run.Stage}, {run.Action} waits for room on the disk: {e.Message}");
            return false;
        }
    }

    private async Task<ActionResult> Result(ActionRow run, CancellationToken cancellation)
    {
        try
        {
            return await _providers.First(p => p.Does(run.Input.ActionTypeId)).Run(run, cancellation);
        }
        catch (ActionFailedException e)
        {
            return ActionResult.Failed(e.Code, e.Message);
        }
        catch (AwsException e)
        {
            return ActionResult.Failed("ConfigurationError", $"{e.Code}: {e.Message}");
        }
        catch (Exception e) when (e is not OperationCanceledException && !StorageFailure.IsFull(e))
        {
            _log.Write($"CodePipeline: {run.Pipeline}, {run.Stage}, {run.Action}, {run.Id}: {e}");
            return ActionResult.Failed(
                "InternalError", StorageFailure.Explain(e, _options.DataDirectory) ?? $"Local AWS failed on this action. Its log has the cause under {run.Id}.");
        }
    }

    /// <param name="Task">The run.</param>
    /// <param name="Stop">Cancels it.</param>
    private sealed record Running(Task Task, CancellationTokenSource Stop);
}
