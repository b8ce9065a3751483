using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>Executions of pipelines: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineExecution.html</summary>
internal sealed class PipelineExecutions(
    Database database, PipelineTable table, ExecutionStore store, ExecutionStarts starts, ExecutionMoves moves, Cancellations cancellations, Flow flow, ClientTokens tokens)
{
    private const int DefaultPage = 100;

    public StartPipelineExecution.Response Start(StartPipelineExecution request, Caller caller) => new(tokens.Once(request.ClientRequestToken, request, () =>
    {
        var pipeline = table.Require(request.Name);
        var trigger = caller.Rule is { } rule ? new ExecutionTrigger("CloudWatchEvent", rule) : new("StartPipelineExecution", caller.Identity.Arn);
        return starts.Start(pipeline, trigger, new() { Variables = request.Variables ?? [], SourceRevisions = request.SourceRevisions ?? [] });
    }));

    public StopPipelineExecution.Response Stop(StopPipelineExecution request) => database.Write(_ =>
    {
        var execution = Require(request.PipelineName, request.PipelineExecutionId) with { StopReason = request.Reason };
        if (execution.IsOver)
        {
            throw CodePipelineErrors.Of(
                "PipelineExecutionNotStoppable", "Unable to stop the pipeline execution. The execution might already be in a Stopped state, or it might no longer be in progress.");
        }

        if (request.Abandon == true || execution.IsWaiting)
        {
            cancellations.Abandon(execution);
        }
        else if (execution.Status == PipelineExecutionStatus.Stopping)
        {
            throw CodePipelineErrors.Of(
                "DuplicatedStopRequest",
                "The pipeline execution is already in a Stopping state. If you already chose to stop and wait, you cannot make that request again. You can choose to stop and abandon now, but be aware that this option can lead to failed tasks or out of sequence tasks.");
        }
        else
        {
            var stage = table.Declaration(execution.Pipeline, execution.Version)!.Stages[execution.Stage].Name;
            moves.Stage(execution, store.Stage(execution.Id, stage)!, StageExecutionStatus.Stopping);
            moves.Execution(execution, PipelineExecutionStatus.Stopping);
        }

        flow.Advance(request.PipelineName);
        return new StopPipelineExecution.Response(execution.Id);
    });

    public GetPipelineExecution.Response Get(GetPipelineExecution request)
    {
        var row = Require(request.PipelineName, request.PipelineExecutionId);
        return new(new(
            row.Pipeline, row.Version, row.Id, row.Status, row.Summary, [.. Revisions(row).Select(r => r.Revision)], row.Variables.Count > 0 ? row.Variables : null,
            row.Trigger, row.Mode, row.Type, Rollback(row)));
    }

    public ListPipelineExecutions.Response List(ListPipelineExecutions request)
    {
        var pipeline = table.Require(request.PipelineName);
        var found = store.Of(pipeline.Name);
        if (request.Filter?.SucceededInStage?.StageName is { } stage)
        {
            var succeeded = store.StageRuns(pipeline.Name, stage).Where(s => s.Status == StageExecutionStatus.Succeeded).Select(s => s.Execution).ToHashSet();
            found = [.. found.Where(e => succeeded.Contains(e.Id))];
        }

        var page = Page.Of(found, e => e.Id, request.NextToken, request.MaxResults ?? DefaultPage, CodePipelineErrors.InvalidToken);
        return new([.. page.Items.Select(Summary)], page.NextToken);
    }

    /// <summary>An execution of a pipeline.</summary>
    /// <exception cref="AwsException">PipelineNotFoundException, PipelineExecutionNotFoundException.</exception>
    public ExecutionRow Require(string pipeline, string id) =>
        store.Find(id) is { } row && row.Pipeline == table.Require(pipeline).Name ? row : throw CodePipelineErrors.NoExecution(table.Require(pipeline).Name, id);

    private PipelineExecutionSummary Summary(ExecutionRow row) => new(
        row.Id, row.Status, row.Summary, row.Started, row.Updated,
        [.. Revisions(row).Select(r => new SourceRevision(r.Action, r.Revision.RevisionId, r.Revision.RevisionSummary, r.Revision.RevisionUrl))],
        row.Trigger, row.Status is PipelineExecutionStatus.Stopped or PipelineExecutionStatus.Stopping ? new(row.StopReason) : null, row.Mode, row.Type, Rollback(row));

    /// <summary>What the sources took; a rollback has what the execution that it goes back to took.</summary>
    private IEnumerable<(string Action, ArtifactRevision Revision)> Revisions(ExecutionRow row) => store.Actions(row.RollbackOf ?? row.Id)
        .Where(a => a is { Status: ActionExecutionStatus.Succeeded, Result.Revision: not null })
        .GroupBy(a => a.Action).Select(g => (g.Key, g.Last().Result.Revision!));

    private static PipelineRollbackMetadata? Rollback(ExecutionRow row) => row.RollbackOf is { } target ? new(target) : null;
}
