using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Executions;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Variables of pipelines, of actions and of executions.</summary>
public sealed class VariableTests : PipelineTestBase
{
    [Fact]
    public async Task References_stand_for_the_values_of_the_execution()
    {
        var commit = await Lab.Commit("vars", "a.txt", "1");
        var id = await Lab.Create(Pipeline(
            "vars", new("Source", [FromCodeCommit("vars")]), new("Deploy", [Deploy(under: "#{variables.where}/#{SourceVariables.CommitId}/#{codepipeline.PipelineExecutionId}")])) with
        {
            Variables = [new("where", "here")],
        });
        await Lab.Ended("vars", id);
        Assert.Equal("1", await Lab.Read($"here/{commit}/{id}/a.txt"));
        var run = (await Lab.Runs("vars", id))[1];
        Assert.Equal(("#{variables.where}/#{SourceVariables.CommitId}/#{codepipeline.PipelineExecutionId}", $"here/{commit}/{id}"), (run.Input.Configuration["ObjectKey"], run.Input.ResolvedConfiguration["ObjectKey"]));
        var source = (await Lab.Runs("vars", id))[0].Output!.OutputVariables;
        Assert.Equal(["AuthorDate", "BranchName", "CommitId", "CommitMessage", "CommitterDate", "RepositoryName"], source.Keys.Order(StringComparer.Ordinal));

        var there = (await Fixture.Aws.Send(new StartPipelineExecution("vars", [new("where", "there")]))).PipelineExecutionId;
        var ended = await Lab.Ended("vars", there);
        Assert.Equal([new ResolvedPipelineVariable("where", "there")], ended.Variables);
        Assert.Equal("1", await Lab.Read($"there/{commit}/{there}/a.txt"));
        var unknown = await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(new StartPipelineExecution("vars", [new("when", "now")])));
        Assert.Equal(("ValidationException", "The variable 'when' is not declared in the pipeline"), (unknown.Code, unknown.Message));
    }

    [Fact]
    public async Task A_variable_without_a_value_must_be_given_one()
    {
        await Lab.Commit("needs", "a.txt", "1");
        await Fixture.Aws.Send(new CreatePipeline(Pipeline("needs", new("Source", [FromCodeCommit("needs")]), new("Deploy", [Deploy(under: "#{variables.x}")])) with { Variables = [new("x")] }));
        Assert.Empty((await Fixture.Aws.Send(new ListPipelineExecutions("needs"))).PipelineExecutionSummaries);
        Assert.Equal("ValidationException", (await Assert.ThrowsAsync<AwsException>(() => Lab.Start("needs"))).Code);
        var id = (await Fixture.Aws.Send(new StartPipelineExecution("needs", [new("x", "given")]))).PipelineExecutionId;
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("needs", id)).Status);
    }

    [Fact]
    public async Task A_reference_that_nothing_answers_fails_its_action_with_what_there_is()
    {
        await Lab.Commit("nothing", "a.txt", "1");
        var id = await Lab.Create(Pipeline("nothing", new("Source", [FromCodeCommit("nothing")]), new("Deploy", [Deploy(under: "#{SourceVariables.Commit}")])));
        Assert.Contains(
            "The variable reference #{SourceVariables.Commit} could not be resolved: SourceVariables has AuthorDate, BranchName, CommitId", (await Lab.Ended("nothing", id)).StatusSummary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_starts_one_execution()
    {
        await Lab.Commit("token", "a.txt", "1");
        await Lab.Ended("token", await Lab.Create(Pipeline("token", new("Source", [FromCodeCommit("token")]), new("Deploy", [Deploy()]))));
        var start = new StartPipelineExecution("token", ClientRequestToken: "once");
        Assert.Equal((await Fixture.Aws.Send(start)).PipelineExecutionId, (await Fixture.Aws.Send(start)).PipelineExecutionId);
        Assert.Equal(2, (await Fixture.Aws.Send(new ListPipelineExecutions("token"))).PipelineExecutionSummaries.Count);
    }

    [Fact]
    public void What_a_variable_holds_can_t_break_the_JSON_of_a_build_s_variables()
    {
        var data = new ExecutionData(new Dictionary<string, ArtifactDetail>(), new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["S"] = new Dictionary<string, string> { ["Message"] = "say \"hi\"\n\\ #{S.Message}" },
        });
        var resolved = VariableReferences.Resolve(new Dictionary<string, string> { ["EnvironmentVariables"] = """[{"name":"M","value":"it is #{S.Message}","type":"PLAINTEXT"}]""" }, data);
        Assert.Equal("it is say \"hi\"\n\\ #{S.Message}", (string)JsonNode.Parse(resolved["EnvironmentVariables"])![0]!["value"]!);
    }
}
