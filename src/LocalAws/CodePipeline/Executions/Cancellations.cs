using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Ends executions before their time. Call it in the transaction that gives the reason.</summary>
internal sealed class Cancellations(ExecutionStore store, PipelineTable pipelines, ExecutionMoves moves)
{
    /// <summary>Ends those whose pipeline got other stages.</summary>
    public void Cancel(string pipeline)
    {
        foreach (var execution in store.Live(pipeline))
        {
            End(execution, StageExecutionStatus.Cancelled, isCanceled: true);
            moves.Execution(execution with { Summary = "The pipeline's structure was updated" }, PipelineExecutionStatus.Cancelled);
        }
    }

    /// <summary>Ends one that is stopped without waiting for its actions.</summary>
    public void Abandon(ExecutionRow execution)
    {
        End(execution, StageExecutionStatus.Stopped, isCanceled: false);
        moves.Execution(execution, PipelineExecutionStatus.Stopped);
    }

    private void End(ExecutionRow execution, StageExecutionStatus status, bool isCanceled)
    {
        foreach (var run in store.Actions(execution.Id).Where(a => a.Status == ActionExecutionStatus.InProgress))
        {
            moves.Action(execution, run, ActionExecutionStatus.Abandoned, isCanceled);
        }

        var structure = pipelines.Declaration(execution.Pipeline, execution.Version)!;
        if (!execution.IsWaiting && store.Stage(execution.Id, structure.Stages[execution.Stage].Name) is { } stage)
        {
            moves.Stage(execution, stage, status);
        }
    }
}
