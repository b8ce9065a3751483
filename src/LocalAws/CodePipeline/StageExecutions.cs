using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>What a person does to a stage of an execution: retry it, or roll it back.</summary>
internal sealed class StageExecutions(
    Database database, PipelineTable table, ExecutionStore store, PipelineExecutions executions, ExecutionMoves moves, Rollbacks rollbacks, Flow flow)
{
    private const string ManualRetry = "ManualStageRetry";

    public RetryStageExecution.Response Retry(RetryStageExecution request) => database.Write(_ =>
    {
        var pipeline = table.Require(request.PipelineName);
        var position = Position(pipeline, request.StageName);
        var execution = executions.Require(pipeline.Name, request.PipelineExecutionId);
        var stage = store.Stage(execution.Id, request.StageName);
        if (store.LatestStage(pipeline.Name, request.StageName)?.Execution != execution.Id && execution.Mode != ExecutionMode.PARALLEL)
        {
            throw CodePipelineErrors.Of(
                "NotLatestPipelineExecution", "The stage has failed in a later run of the pipeline and the pipelineExecutionId associated with the request is out of date.");
        }

        var canRetry = execution is { Status: PipelineExecutionStatus.Failed or PipelineExecutionStatus.Stopped, IsWaiting: false } && execution.Stage == position
            && stage is { Status: StageExecutionStatus.Failed or StageExecutionStatus.Stopped } && SameStages(pipeline, execution);
        if (!canRetry)
        {
            throw CodePipelineErrors.Of(
                "StageNotRetryable", "Unable to retry. The pipeline structure or stage state might have changed while actions awaited retry, or the stage contains no failed actions.");
        }

        execution = moves.Execution(execution with { Attempt = execution.Attempt + 1, Summary = null, StopReason = null }, PipelineExecutionStatus.InProgress);
        moves.Retry(execution, stage!, request.RetryMode, ManualRetry);
        flow.Advance(pipeline.Name);
        return new RetryStageExecution.Response(execution.Id);
    });

    public RollbackStage.Response Rollback(RollbackStage request, Caller caller) => database.Write(_ =>
    {
        var pipeline = table.Require(request.PipelineName);
        var position = Position(pipeline, request.StageName);
        var target = executions.Require(pipeline.Name, request.TargetPipelineExecutionId);
        if (!SameStages(pipeline, target))
        {
            throw CodePipelineErrors.Of("PipelineExecutionOutdated", $"The execution {target.Id} ran with version {target.Version} of the pipeline, whose structure has changed since");
        }

        var why = position == 0 ? "A source stage can't be rolled back."
            : target.Mode == ExecutionMode.PARALLEL || table.Current(pipeline).ExecutionMode == ExecutionMode.PARALLEL ? "A stage can't be rolled back in PARALLEL mode."
            : target.RollbackOf is not null ? $"The execution {target.Id} is a rollback itself."
            : store.Stage(target.Id, request.StageName) is not { Status: StageExecutionStatus.Succeeded } ? $"The execution {target.Id} did not succeed in the stage {request.StageName}."
            : store.LatestStage(pipeline.Name, request.StageName) is { Status: StageExecutionStatus.InProgress or StageExecutionStatus.Stopping } ? $"The stage {request.StageName} is currently running."
            : null;
        if (why is not null)
        {
            throw CodePipelineErrors.Of("UnableToRollbackStage", $"Unable to roll back the stage. {why}");
        }

        var id = rollbacks.Start(target, request.StageName, position, new("ManualRollback", caller.Identity.Arn));
        flow.Advance(pipeline.Name);
        return new RollbackStage.Response(id);
    });

    private int Position(StoredPipeline pipeline, string stage)
    {
        var position = table.Current(pipeline).Stages.ToList().FindIndex(s => s.Name == stage);
        return position >= 0 ? position : throw CodePipelineErrors.NoStage(pipeline.Name, stage);
    }

    private bool SameStages(StoredPipeline pipeline, ExecutionRow execution) => execution.Version == pipeline.Version
        || Pipelines.SameStages(table.Current(pipeline), table.Declaration(pipeline.Name, execution.Version)!);
}
