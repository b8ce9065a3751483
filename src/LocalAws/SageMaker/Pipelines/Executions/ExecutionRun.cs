using System.Threading.Channels;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Channel = System.Threading.Channels.Channel;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>
/// Runs one execution to its end: one loop that starts steps whose needs are met and commits what becomes of them.
/// It alone writes the execution's steps, many in one transaction where several change at once, and it waits for
/// events only, so that a step costs no more than its own work.
/// </summary>
internal sealed class ExecutionRun : IDisposable
{
    private const int DefaultParallelism = 50;
    private const int LongestReason = 1300;
    private const string StepsFailed = "Step failure: One or multiple steps failed.";

    private readonly PipelineDefinition _definition;
    private readonly ExecutionStore _store;
    private readonly StepRunner _runner;
    private readonly Scope _scope;
    private readonly TimeProvider _time;
    private readonly Channel<StepChange?> _events = Channel.CreateUnbounded<StepChange?>(new UnboundedChannelOptions { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, PipelineStep> _steps;
    private readonly Dictionary<string, StepRow> _rows;
    private readonly StepQueue _queue;
    private readonly List<Task> _tasks = [];
    private ExecutionRow _row;
    private int _ordinal;
    private int _active;
    private bool _failed;

    public ExecutionRun(ExecutionRow row, PipelineDefinition definition, ExecutionStore store, StepRunner runner, Scope scope, TimeProvider time)
    {
        (_row, _definition, _store, _runner, _scope, _time) = (row, definition, store, runner, scope, time);
        _steps = definition.Steps.ToDictionary(s => s.Name);
        _rows = store.Steps(row.Id).ToDictionary(r => r.Name);
        _queue = new(definition.Steps, _rows.Keys);
    }

    /// <summary>Runs to the end, or until local AWS ends; no step outlives it.</summary>
    public async Task Run(CancellationToken shutdown)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(shutdown);
        try
        {
            await RunLoop(over.Token);
        }
        finally
        {
            await over.CancelAsync();
            await Task.WhenAll(_tasks);
        }
    }

    /// <summary>Says that the execution's row was changed from outside: it is to stop, or its parallelism is another.</summary>
    public void Wake() => _events.Writer.TryWrite(null);

    /// <summary>Puts a step's state in the place of its former one, and returns once it is durable.</summary>
    public Task Commit(StepRow row, CancellationToken shutdown)
    {
        var committed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _events.Writer.TryWrite(new(row, committed));
        return committed.Task.WaitAsync(shutdown);
    }

    /// <summary>Makes a step's state durable soon, for a step that does not act on it; a state that is over ends the step.</summary>
    public void Update(StepRow row) => _events.Writer.TryWrite(new(row, null));

    public void Dispose() => _stop.Dispose();

    private async Task RunLoop(CancellationToken shutdown)
    {
        Restore(shutdown);
        while (true)
        {
            StartReady(shutdown);
            if (_active == 0)
            {
                Finish();
                return;
            }

            await _events.Reader.WaitToReadAsync(shutdown);
            Apply();
        }
    }

    /// <summary>Takes up what the database says: what succeeded counts, what was running is run on.</summary>
    private void Restore(CancellationToken shutdown)
    {
        _ordinal = _rows.Count == 0 ? 0 : _rows.Values.Max(r => r.Ordinal) + 1;
        if (_row.Status == PipelineExecutionStatus.Stopping)
        {
            _stop.Cancel();
        }

        foreach (var row in _rows.Values.OrderBy(r => r.Ordinal).ToList())
        {
            if (row.IsOver)
            {
                Settle(row);
            }
            else
            {
                Launch(_steps[row.Name], row, row.Ordinal, shutdown);
            }
        }
    }

    private void StartReady(CancellationToken shutdown)
    {
        var most = _row.Facts.Parallelism?.MaxParallelExecutionSteps ?? DefaultParallelism;
        while (!_failed && !_stop.IsCancellationRequested && _active < most && _queue.TryNext(out var step))
        {
            Launch(step, null, _ordinal++, shutdown);
        }
    }

    private void Launch(PipelineStep step, StepRow? row, int ordinal, CancellationToken shutdown)
    {
        _active++;
        var start = new StepStart(step, row, ordinal, _row, _scope, this, _stop.Token);
        _tasks.Add(Task.Run(() => _runner.Run(start, shutdown), CancellationToken.None));
    }

    /// <summary>Commits every change that has come in, and only then lets go on who waits for it.</summary>
    private void Apply()
    {
        var changes = new List<StepChange>();
        var woken = false;
        while (_events.Reader.TryRead(out var change))
        {
            woken |= change is null;
            if (change is not null)
            {
                changes.Add(change);
            }
        }

        var written = new Dictionary<string, StepRow>();
        foreach (var change in changes)
        {
            written[change.Row.Name] = _rows[change.Row.Name] = change.Row;
        }

        if (woken && Reload())
        {
            foreach (var row in _rows.Values.Where(r => !r.IsOver).ToList())
            {
                written[row.Name] = row;
            }
        }

        if (_stop.IsCancellationRequested)
        {
            foreach (var row in written.Values.Where(r => !r.IsOver).ToList())
            {
                written[row.Name] = _rows[row.Name] = row with { Status = StepStatus.Stopping };
            }
        }

        _store.Put(_row.Id, written.Values);
        foreach (var change in changes)
        {
            change.Committed?.SetResult();
            if (change.Row.IsOver)
            {
                _active--;
                Settle(change.Row);
            }
        }
    }

    /// <summary>Reads the execution's row again; true where it is to stop from now on.</summary>
    private bool Reload()
    {
        _row = _store.Find(_row.Id)!;
        if (_row.Status != PipelineExecutionStatus.Stopping || _stop.IsCancellationRequested)
        {
            return false;
        }

        _stop.Cancel();
        return true;
    }

    /// <summary>Draws the consequences of a step's end: who may start, who never will.</summary>
    private void Settle(StepRow row)
    {
        if (row.Status != StepStatus.Succeeded)
        {
            _failed |= row.Status == StepStatus.Failed;
            return;
        }

        if (row.Properties is not null)
        {
            _scope.Add(row.Name, StepRunner.Parse(row.Properties));
        }

        _queue.Succeeded(row.Name, row.Metadata?.Condition?.Outcome);
    }

    private void Finish() => _store.Change(_row.Id, row => row with
    {
        Status = row.Status == PipelineExecutionStatus.Stopping ? PipelineExecutionStatus.Stopped : _failed ? PipelineExecutionStatus.Failed : PipelineExecutionStatus.Succeeded,
        FailureReason = _failed ? Reason() : null,
        Modified = _time.GetUtcNow(),
    });

    /// <summary>SageMaker's own words, and after them what each step that failed says.</summary>
    private string Reason()
    {
        var failures = _rows.Values.Where(r => r.Status == StepStatus.Failed).OrderBy(r => r.Ordinal).Select(r => $" {r.Name}: {r.FailureReason}");
        var reason = StepsFailed + string.Concat(failures);
        return reason.Length > LongestReason ? reason[..LongestReason] : reason;
    }
}

/// <summary>What has become of a step.</summary>
/// <param name="Row">Its state from now on.</param>
/// <param name="Committed">Completed once the state is durable, or null where nobody waits for that.</param>
internal sealed record StepChange(StepRow Row, TaskCompletionSource? Committed);
