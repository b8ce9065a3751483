using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.CodeCommit;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Executions that are under way together.</summary>
public sealed class ModeTests : PipelineTestBase
{
    private async Task<string> Approved(string name, ExecutionMode mode)
    {
        await Lab.Zip("modes", "source.zip", "a.txt", "1");
        return await Lab.Create(Pipeline(name, new("Source", [FromS3("modes", "source.zip")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy()])) with { ExecutionMode = mode });
    }

    private Task<StageState> Waiting(string name, params string[] ids) => Lab.Once(
        () => Lab.Stage(name, "ApprovalStage"), s => s.InboundExecutions.Select(e => e.PipelineExecutionId).SequenceEqual(ids), "they wait");

    [Fact]
    public async Task The_newest_execution_that_waits_takes_the_place_of_the_others()
    {
        var first = await Approved("superseded", ExecutionMode.SUPERSEDED);
        var token = await Lab.Token("superseded", first);
        var second = await Lab.Start("superseded");
        await Waiting("superseded", second);
        var third = await Lab.Start("superseded");
        var state = await Waiting("superseded", third);
        Assert.Equal((first, third), (state.LatestExecution!.PipelineExecutionId, state.InboundExecution!.PipelineExecutionId));
        Assert.Equal(PipelineExecutionStatus.Superseded, (await Lab.Execution("superseded", second)).Status);

        await Lab.Answer("superseded", token);
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("superseded", first)).Status);
        await Lab.Answer("superseded", await Lab.Token("superseded", third));
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("superseded", third)).Status);
        var retry = await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(new RetryStageExecution("superseded", "ApprovalStage", second, "FAILED_ACTIONS")));
        Assert.Equal("NotLatestPipelineExecutionException", retry.Code);
    }

    [Fact]
    public async Task An_approval_of_a_superseded_execution_is_not_taken()
    {
        await Lab.Zip("modes", "source.zip", "a.txt", "1");
        var first = await Lab.Create(Pipeline("twice", new("Source", [FromS3("modes", "source.zip")]), new("ApprovalStage", [Approval()]), new("Last", [Approval()])));
        await Lab.Answer("twice", await Lab.Token("twice", first));
        var second = await Lab.Start("twice");
        var token = await Lab.Token("twice", second);
        await Lab.Answer("twice", token);
        var third = await Lab.Start("twice");
        await Lab.Answer("twice", await Lab.Token("twice", third));
        Assert.Equal(PipelineExecutionStatus.Superseded, (await Lab.Ended("twice", second)).Status);
        var again = await Assert.ThrowsAsync<AwsException>(() => Lab.Answer("twice", token));
        Assert.Equal("ApprovalAlreadyCompletedException", again.Code);
        var other = await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(new PutApprovalResult("twice", "Last", "ManualApproval", new("", ApprovalStatus.Approved), token)));
        Assert.Equal("InvalidApprovalTokenException", other.Code);
        var stop = await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(new StopPipelineExecution("twice", second)));
        Assert.Equal("PipelineExecutionNotStoppableException", stop.Code);
    }

    [Fact]
    public async Task Queued_executions_go_in_their_order()
    {
        var first = await Approved("queued", ExecutionMode.QUEUED);
        var token = await Lab.Token("queued", first);
        var second = await Lab.Start("queued");
        var third = await Lab.Start("queued");
        await Waiting("queued", second, third);
        await Lab.Answer("queued", token);
        await Lab.Answer("queued", await Lab.Token("queued", second));
        await Lab.Answer("queued", await Lab.Token("queued", third), ApprovalStatus.Rejected, "not this one");
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("queued", second)).Status);
        Assert.Equal(PipelineExecutionStatus.Failed, (await Lab.Ended("queued", third)).Status);
    }

    [Fact]
    public async Task Parallel_executions_do_not_wait_for_each_other_and_their_tokens_are_those_of_their_runs()
    {
        var first = await Approved("parallel", ExecutionMode.PARALLEL);
        var second = await Lab.Start("parallel");
        foreach (var id in new[] { second, first })
        {
            var runs = await Lab.Once(() => Lab.Runs("parallel", id), r => r.Count == 2, "the approval waits");
            await Lab.Answer("parallel", runs[1].Output!.ExecutionResult!.ExternalExecutionId!);
            Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("parallel", id)).Status);
        }

        var state = await Lab.Stage("parallel", "ApprovalStage");
        Assert.Equal((null, 0), (state.LatestExecution, state.InboundExecutions.Count));
        Assert.Null(state.ActionStates[0].LatestExecution);
    }

    [Fact]
    public async Task No_more_than_fifty_executions_queue()
    {
        await Approved("full", ExecutionMode.QUEUED);
        for (var i = 1; i < 50; i++)
        {
            await Lab.Start("full");
        }

        var error = await Assert.ThrowsAsync<AwsException>(() => Lab.Start("full"));
        Assert.Equal("ConcurrentPipelineExecutionsLimitExceededException", error.Code);
        Assert.Equal(50, (await Fixture.Aws.Send(new ListPipelineExecutions("full"))).PipelineExecutionSummaries.Count);
    }

    [Fact]
    public async Task Fifty_pushes_in_a_row_end_with_the_last_commit_deployed()
    {
        var made = (await Fixture.Aws.Send(new Slipway.Aws.CodeCommit.CreateRepository("busy"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        await ann.Commit("a.txt", "0");
        await ann.Git("push", "--quiet", "origin", "main");
        await Lab.Ended("busy", await Lab.Create(Pipeline("busy", new("Source", [FromCodeCommit("busy")]), new("Deploy", [Deploy()]))));
        await SourceTests.RuleLikeCdk(Fixture, "busy", made.Arn);
        var pushes = await Command.Run("sh", ["-ec", "for i in $(seq 50); do printf $i > a.txt; git commit --quiet --all --message $i; git push --quiet origin main; done"], ann.Environment, ann.Folder);
        Assert.True(pushes.ExitCode == 0, pushes.ToString());
        var last = await ann.Git("rev-parse", "HEAD");

        var executions = await Lab.Once(
            async () => (await Fixture.Aws.Send(new ListPipelineExecutions("busy"))).PipelineExecutionSummaries,
            all => all.Count == 51 && all.All(e => e.Status is PipelineExecutionStatus.Succeeded or PipelineExecutionStatus.Superseded), "all are over");
        Assert.Equal((PipelineExecutionStatus.Succeeded, last), (executions[0].Status, executions[0].SourceRevisions[0].RevisionId));
        Assert.Equal("50", await Lab.Read("site/a.txt"));
    }
}
