using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Retries, rollbacks, transitions and stops.</summary>
public sealed class StageTests : PipelineTestBase
{
    private static readonly string[] Both = ["First", "Second"];

    private async Task<AwsException> Error<T>(IAwsRequest<T> request) => await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(request));

    private async Task<string> Source(string content) => await Lab.Zip("stages", "source.zip", "a.txt", content);

    /// <summary>A stage whose first action succeeds, and whose second one fails until its bucket is there.</summary>
    private async Task<string> Failing(string name, FailureConditions? policy = null)
    {
        await Source("1");
        var id = await Lab.Create(Pipeline(name, new("Source", [FromS3("stages", "source.zip")]), new("Deploy", [Deploy("First", name), Deploy("Second", name, $"{name}-late")], OnFailure: policy)));
        Assert.Equal(PipelineExecutionStatus.Failed, (await Lab.Ended(name, id)).Status);
        return id;
    }

    [Fact]
    public async Task A_retry_runs_the_failed_actions_or_all()
    {
        var id = await Failing("retry");
        Assert.Equal("StageNotFoundException", (await Error(new RetryStageExecution("retry", "None", id, "FAILED_ACTIONS"))).Code);
        Assert.Equal("PipelineExecutionNotFoundException", (await Error(new RetryStageExecution("retry", "Deploy", Guid.NewGuid().ToString(), "FAILED_ACTIONS"))).Code);
        Assert.Equal("StageNotRetryableException", (await Error(new RetryStageExecution("retry", "Source", id, "FAILED_ACTIONS"))).Code);
        await Fixture.Aws.Send(new RetryStageExecution("retry", "Deploy", id, "ALL_ACTIONS"));
        Assert.Equal(PipelineExecutionStatus.Failed, (await Lab.Ended("retry", id)).Status);
        await Lab.S3.PutBucketAsync("retry-late");
        await Fixture.Aws.Send(new RetryStageExecution("retry", "Deploy", id, "FAILED_ACTIONS"));
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("retry", id)).Status);
        Assert.Equal(["Source", .. Both, .. Both, "Second"], (await Lab.Runs("retry", id)).Select(r => r.ActionName));
        var latest = (await Fixture.Aws.Send(new ListActionExecutions("retry", new(LatestInPipelineExecution: new(id, "Latest"))))).ActionExecutionDetails;
        Assert.Equal(["Second", "First", "Source"], latest.Select(r => r.ActionName));
        Assert.Equal(new RetryStageMetadata(null, 2, "ManualStageRetry"), (await Lab.Stage("retry", "Deploy")).RetryStageMetadata);
        Assert.Equal("StageNotRetryableException", (await Error(new RetryStageExecution("retry", "Deploy", id, "ALL_ACTIONS"))).Code);
        Assert.Equal("1", await Lab.Read("retry/a.txt", "retry-late"));
    }

    [Fact]
    public async Task A_stage_that_retries_by_itself_does_so_once()
    {
        var id = await Failing("auto", new("RETRY", new("FAILED_ACTIONS")));
        Assert.Equal(["Source", .. Both, "Second"], (await Lab.Runs("auto", id)).Select(r => r.ActionName));
        Assert.Equal(new RetryStageMetadata(1, null, "AutomatedStageRetry"), (await Lab.Stage("auto", "Deploy")).RetryStageMetadata);
    }

    [Fact]
    public async Task A_stage_is_rolled_back_to_an_execution_that_succeeded_in_it_by_hand_and_by_itself()
    {
        await Source("1");
        await Lab.S3.PutBucketAsync("back-late");
        var first = await Lab.Create(Pipeline(
            "back", new("Source", [FromS3("stages", "source.zip")]), new("Deploy", [Deploy("First", "back"), Deploy("Second", "back", "back-late", order: 2)], OnFailure: new("ROLLBACK"))));
        await Lab.Ended("back", first);
        await Source("2");
        var second = await Lab.Start("back");
        await Lab.Ended("back", second);
        Assert.Equal("2", await Lab.Read("back/a.txt"));

        var byHand = (await Fixture.Aws.Send(new RollbackStage("back", "Deploy", first))).PipelineExecutionId;
        var rollback = await Lab.Ended("back", byHand);
        Assert.Equal(("ROLLBACK", PipelineExecutionStatus.Succeeded, first, "ManualRollback"), (rollback.ExecutionType, rollback.Status, rollback.RollbackMetadata!.RollbackTargetPipelineExecutionId, rollback.Trigger.TriggerType));
        Assert.Equal("1", await Lab.Read("back/a.txt"));
        Assert.Equal((byHand, "ROLLBACK"), ((await Lab.Stage("back", "Deploy")).LatestExecution!.PipelineExecutionId, (await Lab.Stage("back", "Deploy")).LatestExecution!.Type));
        Assert.Contains("is a rollback itself", (await Error(new RollbackStage("back", "Deploy", byHand))).Message, StringComparison.Ordinal);
        Assert.Equal("UnableToRollbackStageException", (await Error(new RollbackStage("back", "Source", first))).Code);

        // the first action of the third execution puts 3, its second fails, and so the stage goes back to the second execution
        await Lab.S3.DeleteObjectAsync("back-late", "back/a.txt");
        await Lab.S3.DeleteBucketAsync("back-late");
        await Source("3");
        var third = await Lab.Start("back");
        Assert.Equal(PipelineExecutionStatus.Failed, (await Lab.Ended("back", third)).Status);
        var newest = (await Fixture.Aws.Send(new ListPipelineExecutions("back"))).PipelineExecutionSummaries[0];
        Assert.Equal(("ROLLBACK", "AutomatedRollback", third, second), (newest.ExecutionType, newest.Trigger.TriggerType, newest.Trigger.TriggerDetail, newest.RollbackMetadata!.RollbackTargetPipelineExecutionId));
        await Lab.Ended("back", newest.PipelineExecutionId);
        Assert.Equal("2", await Lab.Read("back/a.txt"));
        var succeeded = (await Fixture.Aws.Send(new ListPipelineExecutions("back", Filter: new(new("Deploy"))))).PipelineExecutionSummaries;
        Assert.Equal([byHand, second, first], succeeded.Select(e => e.PipelineExecutionId));
    }

    [Fact]
    public async Task A_disabled_transition_holds_executions_until_it_is_enabled()
    {
        await Source("1");
        var id = await Lab.Create(Pipeline("held", new("Source", [FromS3("stages", "source.zip")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy(under: "held")])));
        await Fixture.Aws.Send(new DisableStageTransition("held", "ApprovalStage", "Outbound", "release freeze"));
        await Lab.Answer("held", await Lab.Token("held", id));
        var state = await Lab.Once(() => Lab.Stage("held", "Deploy"), s => s.InboundExecution?.PipelineExecutionId == id, "it waits");
        Assert.Equal((false, "release freeze"), (state.InboundTransitionState.Enabled, state.InboundTransitionState.DisabledReason));
        Assert.Equal("StageNotFoundException", (await Error(new EnableStageTransition("held", "None", "Inbound"))).Code);
        Assert.Contains("is the last one", (await Error(new EnableStageTransition("held", "Deploy", "Outbound"))).Message, StringComparison.Ordinal);
        await Fixture.Restart();
        Assert.Equal(PipelineExecutionStatus.InProgress, (await Lab.Execution("held", id)).Status);
        await Fixture.Aws.Send(new EnableStageTransition("held", "Deploy", "Inbound"));
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("held", id)).Status);
    }

    [Fact]
    public async Task A_stop_waits_for_the_actions_unless_they_are_abandoned_and_a_stopped_stage_can_be_retried()
    {
        await Source("1");
        var id = await Lab.Create(Pipeline("stop", new("Source", [FromS3("stages", "source.zip")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy(under: "stop")])));
        var token = await Lab.Token("stop", id);
        await Fixture.Aws.Send(new StopPipelineExecution("stop", id, Reason: "wait"));
        Assert.Equal(PipelineExecutionStatus.Stopping, (await Lab.Execution("stop", id)).Status);
        Assert.Equal(StageExecutionStatus.Stopping, (await Lab.Stage("stop", "ApprovalStage")).LatestExecution!.Status);
        Assert.Equal("DuplicatedStopRequestException", (await Error(new StopPipelineExecution("stop", id))).Code);
        await Lab.Answer("stop", token);
        Assert.Equal(PipelineExecutionStatus.Stopped, (await Lab.Ended("stop", id)).Status);
        Assert.Equal("PipelineExecutionNotStoppableException", (await Error(new StopPipelineExecution("stop", id))).Code);
        await Fixture.Aws.Send(new RetryStageExecution("stop", "ApprovalStage", id, "FAILED_ACTIONS"));
        // the approval was given before the stop: it counts
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("stop", id)).Status);
    }

    [Fact]
    public async Task New_stages_cancel_what_is_under_way_and_a_deleted_pipeline_is_gone()
    {
        await Source("1");
        var pipeline = Pipeline("changed", new("Source", [FromS3("stages", "source.zip")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy(under: "changed")]));
        var id = await Lab.Create(pipeline);
        var token = await Lab.Token("changed", id);
        var updated = await Fixture.Aws.Send(new UpdatePipeline(pipeline with { Variables = [new("x", "1")] }));
        Assert.Equal((2, PipelineExecutionStatus.InProgress), (updated.Pipeline.Version, (await Lab.Execution("changed", id)).Status));
        await Fixture.Aws.Send(new UpdatePipeline(pipeline with { Stages = [pipeline.Stages[0], pipeline.Stages[2]] }));
        Assert.Equal(PipelineExecutionStatus.Cancelled, (await Lab.Execution("changed", id)).Status);
        Assert.Equal("StageNotFoundException", (await Error(new PutApprovalResult("changed", "ApprovalStage", "ManualApproval", new("", ApprovalStatus.Approved), token))).Code);
        Assert.Equal("PipelineExecutionOutdatedException", (await Error(new RollbackStage("changed", "Deploy", id))).Code);
        Assert.Equal(3, (await Fixture.Aws.Send(new GetPipeline("changed"))).Pipeline.Version);
        Assert.Equal(["Source", "ApprovalStage", "Deploy"], (await Fixture.Aws.Send(new GetPipeline("changed", 2))).Pipeline.Stages.Select(s => s.Name));
        Assert.Equal("PipelineVersionNotFoundException", (await Error(new GetPipeline("changed", 4))).Code);

        await Lab.Start("changed");
        await Fixture.Aws.Send(new DeletePipeline("changed"));
        Assert.Equal("PipelineNotFoundException", (await Error(new GetPipelineState("changed"))).Code);
        await Fixture.Aws.Send(new DeletePipeline("changed"));
        Assert.Equal(1, (await Fixture.Aws.Send(new CreatePipeline(pipeline))).Pipeline.Version);
        Assert.Single((await Fixture.Aws.Send(new ListPipelineExecutions("changed"))).PipelineExecutionSummaries);
    }
}
