using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;
using Slipway.Tests.LocalAws.Sns.Deliveries;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Approvals and their answers.</summary>
public sealed class ApprovalTests : PipelineTestBase
{
    private async Task<string> Create(string name)
    {
        await Lab.Zip("approvals", "source.zip", "a.txt", "1");
        return await Lab.Create(Pipeline(name, new("Source", [FromS3("approvals", "source.zip")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy()])));
    }

    private async Task Refused(string code, PutApprovalResult request) => Assert.Equal(code, (await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(request))).Code);

    private static PutApprovalResult Put(string pipeline, string token, string stage = "ApprovalStage", string action = "ManualApproval") =>
        new(pipeline, stage, action, new("", ApprovalStatus.Approved), token);

    [Fact]
    public async Task A_token_answers_one_approval_once()
    {
        var id = await Create("once");
        var token = await Lab.Token("once", id);
        await Refused("PipelineNotFoundException", Put("none", token));
        await Refused("StageNotFoundException", Put("once", token, stage: "Approve"));
        await Refused("ActionNotFoundException", Put("once", token, action: "Approve"));
        await Refused("InvalidApprovalTokenException", Put("once", Guid.NewGuid().ToString()));
        await Refused("InvalidApprovalTokenException", Put("once", token, "Deploy", "Deploy"));
        await Refused("ValidationException", Put("once", "no token"));
        await Lab.Answer("once", token, ApprovalStatus.Rejected, "the slices look wrong");
        await Refused("ApprovalAlreadyCompletedException", Put("once", token));

        var failed = await Lab.Ended("once", id);
        Assert.Equal((PipelineExecutionStatus.Failed, "ApprovalStage failed. ManualApproval: the slices look wrong"), (failed.Status, failed.StatusSummary));
        var state = (await Lab.Stage("once", "ApprovalStage")).ActionStates[0].LatestExecution!;
        Assert.Equal((ActionExecutionStatus.Failed, "the slices look wrong", null, "arn:aws:iam::000000000000:root"), (state.Status, state.Summary, state.Token, state.LastUpdatedBy));

        // a later execution's approval is not answered by an earlier one's token
        var second = await Lab.Start("once");
        var newer = await Lab.Token("once", second);
        await Refused("ApprovalAlreadyCompletedException", Put("once", token));
        Assert.NotEqual(token, newer);
        await Lab.Answer("once", newer);
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("once", second)).Status);
    }

    [Fact]
    public async Task An_approval_whose_execution_is_over_can_t_be_answered()
    {
        var id = await Create("over");
        var token = await Lab.Token("over", id);
        await Fixture.Aws.Send(new StopPipelineExecution("over", id, Abandon: true, Reason: "not now"));
        Assert.Equal(PipelineExecutionStatus.Stopped, (await Lab.Ended("over", id)).Status);
        await Refused("InvalidApprovalTokenException", Put("over", token));
        var stopped = (await Fixture.Aws.Send(new ListPipelineExecutions("over"))).PipelineExecutionSummaries[0];
        Assert.Equal("not now", stopped.StopTrigger!.Reason);
        Assert.Equal(ActionExecutionStatus.Abandoned, (await Lab.Runs("over", id))[1].Status);
    }

    [Fact]
    public async Task An_approval_waits_through_restarts_and_its_answer_is_kept()
    {
        var id = await Create("restarted");
        var token = await Lab.Token("restarted", id);
        await Fixture.Restart();
        Assert.Equal(token, await Lab.Token("restarted", id));
        await Lab.Answer("restarted", token);
        await Fixture.Restart();
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("restarted", id)).Status);
        Assert.Equal(3, (await Lab.Runs("restarted", id)).Count);
    }

    [Fact]
    public async Task A_topic_is_told_in_AWS_s_form()
    {
        await using var hook = new Hook();
        var topic = (await Fixture.Aws.Send(new Slipway.Aws.Sns.CreateTopic("approvals"))).TopicArn;
        await hook.Subscribe(Fixture.Aws, topic);
        await Lab.Commit("told", "a.txt", "1");
        var id = await Lab.Create(Pipeline("told", new("Source", [FromCodeCommit("told")]), new("ApprovalStage", [Approval(configuration: new Dictionary<string, string>
        {
            ["NotificationArn"] = topic, ["CustomData"] = "Commit #{SourceVariables.CommitId}", ["ExternalEntityLink"] = "https://example.com/#{codepipeline.PipelineExecutionId}",
        })])));
        var token = await Lab.Token("told", id);
        var told = JsonNode.Parse((string)(await hook.Next())["Message"]!)!;
        var approval = told["approval"]!;
        Assert.Equal(("us-east-1", "told", "ApprovalStage", "ManualApproval", token), (
            (string)told["region"]!, (string)approval["pipelineName"]!, (string)approval["stageName"]!, (string)approval["actionName"]!, (string)approval["token"]!));
        Assert.Equal($"https://example.com/{id}", (string)approval["externalEntityLink"]!);
        Assert.StartsWith("Commit ", (string)approval["customData"]!, StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\dZ$", (string)approval["expires"]!);
        Assert.EndsWith($"#/view/told/ApprovalStage/ManualApproval/approve/{token}", (string)approval["approvalReviewLink"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_topic_that_is_not_there_fails_the_approval()
    {
        await Lab.Commit("untold", "a.txt", "1");
        var id = await Lab.Create(Pipeline("untold", new("Source", [FromCodeCommit("untold")]), new("ApprovalStage", [
            Approval(configuration: new Dictionary<string, string> { ["NotificationArn"] = "arn:aws:sns:us-east-1:000000000000:none" })])));
        var ended = await Lab.Ended("untold", id);
        Assert.Equal(PipelineExecutionStatus.Failed, ended.Status);
        Assert.Contains("ManualApproval: NotFound", ended.StatusSummary, StringComparison.Ordinal);
    }
}

/// <summary>How long approvals wait, by a clock of the test's own.</summary>
public sealed class ApprovalTimeoutTests : PipelineTestBase
{
    private readonly FakeTimeProvider _time;

    public ApprovalTimeoutTests() : this(new(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero)))
    {
    }

    private ApprovalTimeoutTests(FakeTimeProvider time) : base(time) => _time = time;

    [Fact]
    public async Task Nobody_s_answer_fails_after_seven_days_or_the_action_s_own_time()
    {
        await Lab.Commit("slow", "a.txt", "1");
        var id = await Lab.Create(Pipeline("slow", new("Source", [FromCodeCommit("slow")]), new("ApprovalStage", [Approval(), Approval("Short", timeout: 60)])));
        await Lab.Token("slow", id);
        await Lab.Token("slow", id, action: "Short");
        _time.Advance(TimeSpan.FromMinutes(61));
        await Lab.Once(() => Lab.Stage("slow", "ApprovalStage"), s => s.ActionStates[1].LatestExecution!.Status == ActionExecutionStatus.Failed, "the short one is over");
        Assert.Equal(PipelineExecutionStatus.InProgress, (await Lab.Execution("slow", id)).Status);
        await Fixture.Restart(() => _time.Advance(TimeSpan.FromDays(6.9)));
        await Lab.Token("slow", id);
        await Fixture.Restart(() => _time.Advance(TimeSpan.FromHours(3)));
        var ended = await Lab.Ended("slow", id);
        Assert.Equal(PipelineExecutionStatus.Failed, ended.Status);
        Assert.Contains("The approval was not answered by 2026-11-30T10:00Z", ended.StatusSummary, StringComparison.Ordinal);
    }
}
