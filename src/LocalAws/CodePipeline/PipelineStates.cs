using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>
/// Where pipelines stand. In PARALLEL mode no stage has a state of its own, as each execution goes through all of them by
/// itself: an approval's token is then the externalExecutionId of its run, as ListActionExecutions gives it.
/// </summary>
internal sealed class PipelineStates(PipelineTable table, ExecutionStore store)
{
    public GetPipelineState.Response Get(GetPipelineState request)
    {
        var pipeline = table.Require(request.Name);
        var structure = table.Current(pipeline);
        var waiting = store.Live(pipeline.Name).Where(e => e.IsWaiting && e.Mode != ExecutionMode.PARALLEL).ToList();
        var stages = structure.Stages.Select((stage, i) => structure.ExecutionMode == ExecutionMode.PARALLEL
            ? new StageState(stage.Name, null, [], pipeline.Transition(stage.Name), [.. stage.Actions.Select(a => new ActionState(a.Name, null, null, null, null))], null, null)
            : Stage(pipeline, stage, [.. waiting.Where(e => e.Stage == i)]));
        return new(pipeline.Name, pipeline.Version, [.. stages], pipeline.Created, pipeline.Updated);
    }

    private StageState Stage(StoredPipeline pipeline, StageDeclaration stage, List<ExecutionRow> waiting)
    {
        var inbound = waiting.Select(e => new StageExecution(e.Id, StageExecutionStatus.InProgress, e.Type)).ToList();
        var latest = store.LatestStage(pipeline.Name, stage.Name);
        return new(
            stage.Name, inbound.LastOrDefault(), inbound, pipeline.Transition(stage.Name), [.. stage.Actions.Select(a => Action(pipeline, stage, a))],
            latest is null ? null : new(latest.Execution, latest.Status, store.Find(latest.Execution)!.Type), latest?.Retries);
    }

    private ActionState Action(StoredPipeline pipeline, StageDeclaration stage, ActionDeclaration action)
    {
        if (store.LatestAction(pipeline.Name, stage.Name, action.Name) is not { } run)
        {
            return new(action.Name, null, null, null, null);
        }

        var revision = run.Result.Revision is { } r ? new ActionRevision(r.RevisionId, r.RevisionChangeIdentifier ?? r.RevisionId, r.Created ?? run.Updated) : null;
        var isWaiting = run is { Status: ActionExecutionStatus.InProgress, Token: not null };
        var execution = new ActionExecution(
            run.Id, run.Status, run.Result.Summary, run.Updated, isWaiting ? run.Token : null, run.UpdatedBy, run.Token is null ? run.Result.ExternalId : null,
            run.Result.ExternalUrl, null, run.Result.Error, run.Result.LogStreamArn);
        return new(action.Name, revision, execution, run.Setting("ExternalEntityLink"), null);
    }
}
