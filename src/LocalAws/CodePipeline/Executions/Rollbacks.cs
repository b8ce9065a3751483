using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Executions that run one stage with the artifacts and variables of an earlier one: https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html</summary>
internal sealed class Rollbacks(ExecutionStore store, ExecutionMoves moves, TimeProvider time)
{
    /// <summary>The execution that a failed one goes back to: the last that succeeded in the stage with the same structure; null where there is none.</summary>
    public ExecutionRow? Target(ExecutionRow failed, string stage) => store.StageRuns(failed.Pipeline, stage)
        .Where(s => s.Status == StageExecutionStatus.Succeeded).Select(s => store.Find(s.Execution)!)
        .FirstOrDefault(e => e.RollbackOf is null && e.Version == failed.Version);

    /// <summary>Starts a rollback in its stage.</summary>
    /// <returns>The id of its execution.</returns>
    public string Start(ExecutionRow target, string stage, int position, ExecutionTrigger trigger)
    {
        var now = time.GetUtcNow();
        var row = new ExecutionRow(Guid.NewGuid().ToString(), target.Pipeline, target.Version, target.Mode, PipelineExecutionStatus.InProgress, now, now, trigger)
        {
            Stage = position, Variables = target.Variables, RollbackOf = target.Id,
        };
        moves.Start(row);
        moves.Enter(row, stage);
        return row.Id;
    }
}
