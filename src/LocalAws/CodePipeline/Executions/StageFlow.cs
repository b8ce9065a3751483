using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>Moves an execution through the stage that it is in: its actions by their run order, those of one order side by side.</summary>
internal sealed class StageFlow(ExecutionStore store, ActionStarts starts, ExecutionMoves moves, Rollbacks rollbacks)
{
    private const string AutomatedRetry = "AutomatedStageRetry";
    private const string FailedActions = "FAILED_ACTIONS";

    /// <summary>Does the next thing that there is to do; false where the stage waits for its actions.</summary>
    public bool Moves(ExecutionRow execution, PipelineDeclaration structure)
    {
        var declared = structure.Stages[execution.Stage];
        var stage = store.Stage(execution.Id, declared.Name)!;
        var runs = Runs(stage);
        if (runs.Values.Any(r => r.Status == ActionExecutionStatus.InProgress))
        {
            return false;
        }

        if (execution.Status == PipelineExecutionStatus.Stopping)
        {
            moves.Stage(execution, stage, StageExecutionStatus.Stopped);
            moves.Execution(execution, PipelineExecutionStatus.Stopped);
        }
        else if (runs.Values.Any(r => r.Attempt == stage.Attempt && r.Status != ActionExecutionStatus.Succeeded))
        {
            Fail(execution, declared, stage, runs.Values);
        }
        else if (Next(declared, runs) is { Count: > 0 } next)
        {
            var data = ExecutionData.Of(execution, store);
            next.ForEach(a => starts.Start(execution, structure, stage, a, data));
        }
        else
        {
            Succeed(execution, structure, stage);
        }

        return true;
    }

    /// <summary>The latest run of each action that counts in a stage's attempt: what runs or failed in it, and what succeeded in it or, where only failed actions are retried, before.</summary>
    public Dictionary<string, ActionRow> Runs(StageRow stage)
    {
        var runs = new Dictionary<string, ActionRow>();
        foreach (var run in store.Actions(stage.Execution).Where(r => r.Stage == stage.Stage && r.Attempt >= stage.Since))
        {
            if (run.Attempt == stage.Attempt || run.Status == ActionExecutionStatus.Succeeded)
            {
                runs[run.Action] = run;
            }
        }

        return runs;
    }

    private static List<ActionDeclaration>? Next(StageDeclaration stage, Dictionary<string, ActionRow> runs) => stage.Actions
        .Where(a => !runs.ContainsKey(a.Name)).GroupBy(a => a.RunOrder ?? 1).OrderBy(g => g.Key).FirstOrDefault()?.ToList();

    private void Succeed(ExecutionRow execution, PipelineDeclaration structure, StageRow stage)
    {
        moves.Stage(execution, stage, StageExecutionStatus.Succeeded);
        // a rollback is of one stage
        if (execution.RollbackOf is not null || execution.Stage == structure.Stages.Count - 1)
        {
            moves.Execution(execution, PipelineExecutionStatus.Succeeded);
        }
        else
        {
            moves.GoOn(execution);
        }
    }

    private void Fail(ExecutionRow execution, StageDeclaration declared, StageRow stage, IEnumerable<ActionRow> runs)
    {
        var policy = declared.OnFailure;
        if (policy?.Result == "RETRY" && stage.Retries?.AutoStageRetryAttempt is null)
        {
            moves.Retry(execution, stage, policy.RetryConfiguration?.RetryMode ?? FailedActions, AutomatedRetry);
            return;
        }

        var failed = runs.Where(r => r.Attempt == stage.Attempt && r.Status != ActionExecutionStatus.Succeeded).Select(r => $"{r.Action}: {r.Result.Error?.Message}");
        moves.Stage(execution, stage, StageExecutionStatus.Failed);
        moves.Execution(execution with { Summary = $"{stage.Stage} failed. {string.Join(" ", failed)}" }, PipelineExecutionStatus.Failed);
        if (policy?.Result == "ROLLBACK" && execution.RollbackOf is null && rollbacks.Target(execution, stage.Stage) is { } target)
        {
            rollbacks.Start(target, stage.Stage, execution.Stage, new("AutomatedRollback", execution.Id));
        }
    }
}
