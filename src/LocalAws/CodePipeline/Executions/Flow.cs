using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>
/// Moves the executions of a pipeline as far as they can go. Nothing polls: whatever changes something that an execution
/// waits for calls <see cref="Advance"/> in its own transaction, so that the change and all that follows from it are there
/// after a crash, or neither.
/// </summary>
internal sealed class Flow(PipelineTable pipelines, ExecutionStore store, StageFlow stages, ExecutionMoves moves)
{
    /// <summary>Call it in the transaction of a change.</summary>
    public void Advance(string name)
    {
        if (pipelines.Find(name) is { } pipeline)
        {
            while (MovesOne(pipeline))
            {
            }
        }
    }

    /// <summary>Ends a run of an action, which lets its execution go on; nothing where it is over already.</summary>
    public void End(string actionId, ActionExecutionStatus status, Func<ActionRow, ActionRow> change)
    {
        if (store.Action(actionId) is { Status: ActionExecutionStatus.InProgress } row)
        {
            moves.Action(store.Find(row.Execution)!, change(row), status);
            Advance(row.Pipeline);
        }
    }

    private bool MovesOne(StoredPipeline pipeline)
    {
        var live = store.Live(pipeline.Name);
        return live.Any(e => e.IsWaiting ? Enters(pipeline, e, live) : stages.Moves(e, Structure(e)));
    }

    private PipelineDeclaration Structure(ExecutionRow execution) => pipelines.Declaration(execution.Pipeline, execution.Version)!;

    /// <summary>
    /// Lets an execution that waits enter its stage, or takes it away for a newer one:
    /// https://docs.aws.amazon.com/codepipeline/latest/userguide/concepts-how-it-works.html
    /// </summary>
    private bool Enters(StoredPipeline pipeline, ExecutionRow execution, List<ExecutionRow> live)
    {
        var structure = Structure(execution);
        var rivals = execution.Mode == ExecutionMode.PARALLEL ? []
            : live.Where(e => e.Mode != ExecutionMode.PARALLEL && e.Id != execution.Id && e.Stage == execution.Stage).ToList();
        if (execution.Mode == ExecutionMode.SUPERSEDED && rivals.Find(r => r.IsWaiting && r.Number > execution.Number) is { } newer)
        {
            moves.Execution(execution with { Summary = $"Superseded by {newer.Id}" }, PipelineExecutionStatus.Superseded);
            return true;
        }

        var stage = structure.Stages[execution.Stage];
        var mustWait = rivals.Any(r => !r.IsWaiting || r.Number < execution.Number) || !pipeline.Transition(stage.Name).Enabled;
        if (mustWait)
        {
            return false;
        }

        moves.Enter(execution, stage.Name);
        return true;
    }
}
