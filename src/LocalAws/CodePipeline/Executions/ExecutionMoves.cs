using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>The one home of changes of a status: each is legal, kept, and told to EventBridge. Call them in the transaction that makes the change.</summary>
internal sealed class ExecutionMoves(ExecutionStore store, PipelineEvents events, ActionSignals signals, TimeProvider time)
{
    /// <summary>Adds an execution that is to begin.</summary>
    public void Start(ExecutionRow row)
    {
        store.Insert(row);
        events.Execution(row);
    }

    /// <summary>Changes an execution's status.</summary>
    public ExecutionRow Execution(ExecutionRow row, PipelineExecutionStatus status)
    {
        LegalMoves.Check(row.Status, status);
        var isRetry = row.IsOver;
        var moved = row with { Status = status, Updated = time.GetUtcNow() };
        store.Update(moved);
        events.Execution(moved, isRetry);
        return moved;
    }

    /// <summary>Lets an execution enter the stage that it waits for.</summary>
    public void Enter(ExecutionRow row, string stage)
    {
        var now = time.GetUtcNow();
        store.Update(row with { IsWaiting = false, Updated = now });
        var entered = new StageRow(row.Pipeline, row.Id, stage, StageExecutionStatus.InProgress, now);
        store.Put(entered);
        events.Stage(row, entered);
    }

    /// <summary>Lets an execution wait for its next stage.</summary>
    public void GoOn(ExecutionRow row) => store.Update(row with { Stage = row.Stage + 1, IsWaiting = true, Updated = time.GetUtcNow() });

    /// <summary>Changes a stage's status.</summary>
    public void Stage(ExecutionRow execution, StageRow row, StageExecutionStatus status)
    {
        LegalMoves.Check(row.Status, status);
        var moved = row with { Status = status };
        store.Put(moved);
        events.Stage(execution, moved);
    }

    /// <summary>Begins another attempt of a stage.</summary>
    /// <param name="execution">The execution.</param>
    /// <param name="row">The stage.</param>
    /// <param name="mode">FAILED_ACTIONS keeps what succeeded; ALL_ACTIONS starts anew.</param>
    /// <param name="trigger">AutomatedStageRetry or ManualStageRetry.</param>
    public void Retry(ExecutionRow execution, StageRow row, string mode, string trigger)
    {
        LegalMoves.Check(row.Status, StageExecutionStatus.InProgress);
        var (isByHand, before, attempt) = (trigger == "ManualStageRetry", row.Retries ?? new(), row.Attempt + 1);
        var retried = row with
        {
            Status = StageExecutionStatus.InProgress, Attempt = attempt, Since = mode == "ALL_ACTIONS" ? attempt : row.Since,
            Retries = isByHand
                ? before with { ManualStageRetryAttempt = (before.ManualStageRetryAttempt ?? 0) + 1, LatestRetryTrigger = trigger }
                : before with { AutoStageRetryAttempt = (before.AutoStageRetryAttempt ?? 0) + 1, LatestRetryTrigger = trigger },
        };
        store.Put(retried);
        events.Stage(execution, retried, isRetry: true);
    }

    /// <summary>Begins a run of an action.</summary>
    public void Start(ExecutionRow execution, ActionRow row)
    {
        store.Put(row);
        events.Action(execution, row);
        signals.AfterCommit(row.Id);
    }

    /// <summary>Ends a run of an action.</summary>
    public void Action(ExecutionRow execution, ActionRow row, ActionExecutionStatus status, bool isCanceled = false)
    {
        LegalMoves.Check(row.Status, status);
        var moved = row with { Status = status, Updated = time.GetUtcNow() };
        store.Put(moved);
        events.Action(execution, moved, isCanceled);
        signals.AfterCommit(row.Id);
    }
}
