using System.Diagnostics;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>What becomes of an execution whose steps need no jobs.</summary>
public sealed class ExecutionTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Always = """{"Type":"Equals","LeftValue":1,"RightValue":1}""";

    [Fact]
    public async Task A_condition_runs_the_branch_that_holds_and_leaves_the_other_out()
    {
        await aws.CreatePipeline("gate", """
            {"Name":"Gate","Type":"Condition","Arguments":{
              "Conditions":[{"Type":"GreaterThanOrEqualTo","LeftValue":{"Get":"Parameters.Auc"},"RightValue":0.65}],
              "IfSteps":[{"Name":"Good","Type":"Condition","Arguments":{"Conditions":[{"Type":"Equals","LeftValue":"a","RightValue":"a"}]}}],
              "ElseSteps":[{"Name":"Refused","Type":"Fail","Arguments":{"ErrorMessage":{"Std:Join":{"On":" ","Values":["AUC",{"Get":"Parameters.Auc"},"of",{"Get":"Execution.PipelineName"}]}}}}]}}
            """, """{"Name":"Auc","Type":"Float","DefaultValue":0.7}""");

        var passed = await aws.Run("gate");
        var steps = await aws.Steps(passed.PipelineExecutionArn);
        Assert.Equal(PipelineExecutionStatus.Succeeded, passed.PipelineExecutionStatus);
        Assert.Null(passed.FailureReason);
        Assert.Equal(["Gate", "Good"], steps.Keys.Order());
        Assert.Equal("True", steps["Gate"].Metadata?.Condition?.Outcome);

        var failed = await aws.Run("gate", new Parameter("Auc", "0.5"));
        steps = await aws.Steps(failed.PipelineExecutionArn);
        Assert.Equal(PipelineExecutionStatus.Failed, failed.PipelineExecutionStatus);
        Assert.Equal("Step failure: One or multiple steps failed. Refused: AUC 0.5 of gate", failed.FailureReason);
        Assert.Equal(["Gate", "Refused"], steps.Keys.Order());
        Assert.Equal("False", steps["Gate"].Metadata?.Condition?.Outcome);
        Assert.Equal(StepStatus.Failed, steps["Refused"].StepStatus);
        Assert.Equal("AUC 0.5 of gate", steps["Refused"].FailureReason);
        Assert.Equal("AUC 0.5 of gate", steps["Refused"].Metadata?.Fail?.ErrorMessage);
    }

    [Theory]
    [InlineData("""{"Type":"GreaterThan","LeftValue":2,"RightValue":1.5}""", "True")]
    [InlineData("""{"Type":"LessThan","LeftValue":1,"RightValue":1}""", "False")]
    [InlineData("""{"Type":"LessThanOrEqualTo","LeftValue":1.0,"RightValue":1}""", "True")]
    [InlineData("""{"Type":"Equals","LeftValue":"a","RightValue":"A"}""", "False")]
    [InlineData("""{"Type":"Equals","LeftValue":true,"RightValue":{"Get":"Parameters.On"}}""", "True")]
    [InlineData("""{"Type":"In","QueryValue":"b","Values":["a",{"Std:Join":{"On":"","Values":["b"]}}]}""", "True")]
    [InlineData("""{"Type":"In","QueryValue":3,"Values":[1,2]}""", "False")]
    [InlineData("""{"Type":"Not","Condition":{"Type":"Equals","LeftValue":1,"RightValue":1}}""", "False")]
    [InlineData("""{"Type":"Or","Conditions":[{"Type":"Equals","LeftValue":1,"RightValue":2},{"Type":"Equals","LeftValue":2,"RightValue":2}]}""", "True")]
    [InlineData("""{"Type":"Equals","LeftValue":1,"RightValue":1},{"Type":"Equals","LeftValue":1,"RightValue":2}""", "False")]
    public async Task A_condition_decides_as_its_type_says(string conditions, string outcome)
    {
        var name = "c" + Math.Abs(conditions.GetHashCode(StringComparison.Ordinal));
        await aws.CreatePipeline(name, $$$"""{"Name":"C","Type":"Condition","Arguments":{"Conditions":[{{{conditions}}}]}}""", """{"Name":"On","Type":"Boolean","DefaultValue":true}""");
        Assert.Equal(outcome, (await aws.Steps((await aws.Run(name)).PipelineExecutionArn))["C"].Metadata?.Condition?.Outcome);
    }

    [Fact]
    public async Task Steps_that_need_a_step_of_the_branch_that_is_left_out_are_left_out_too()
    {
        await aws.CreatePipeline("skips", $$$"""
            {"Name":"Gate","Type":"Condition","Arguments":{"Conditions":[{{{Always}}}],
              "ElseSteps":[{"Name":"Inner","Type":"Condition","Arguments":{"Conditions":[{{{Always}}}],"IfSteps":[{"Name":"Innermost","Type":"Fail","Arguments":{}}]}}]}},
            {"Name":"After","Type":"Fail","DependsOn":["Inner"],"Arguments":{}},
            {"Name":"Free","Type":"Condition","DependsOn":["Gate"],"Arguments":{"Conditions":[{{{Always}}}]}}
            """);
        var execution = await aws.Run("skips");
        Assert.Equal(PipelineExecutionStatus.Succeeded, execution.PipelineExecutionStatus);
        Assert.Equal(["Free", "Gate"], (await aws.Steps(execution.PipelineExecutionArn)).Keys.Order());
    }

    [Fact]
    public async Task After_a_failure_no_further_step_starts()
    {
        await aws.CreatePipeline("stops", $$$"""
            {"Name":"Fails","Type":"Fail","Arguments":{"ErrorMessage":"no"}},
            {"Name":"Never","Type":"Condition","DependsOn":["Fails"],"Arguments":{"Conditions":[{{{Always}}}]}}
            """);
        var execution = await aws.Run("stops");
        Assert.Equal(PipelineExecutionStatus.Failed, execution.PipelineExecutionStatus);
        Assert.Equal(["Fails"], (await aws.Steps(execution.PipelineExecutionArn)).Keys);
    }

    [Fact]
    public async Task A_retry_goes_on_from_the_steps_that_failed()
    {
        await aws.CreatePipeline("retried", $$$"""
            {"Name":"Done","Type":"Condition","Arguments":{"Conditions":[{{{Always}}}]}},
            {"Name":"Fails","Type":"Fail","DependsOn":["Done"],"Arguments":{"ErrorMessage":{"Get":"Execution.CurrentDateTime"} } }
            """);
        var first = await aws.Run("retried");
        var before = await aws.Steps(first.PipelineExecutionArn);
        await aws.Aws.Send(new RetryPipelineExecution(first.PipelineExecutionArn, PipelineCalls.Token()));
        var second = await aws.End(first.PipelineExecutionArn);
        var after = await aws.Steps(first.PipelineExecutionArn);
        Assert.Equal(PipelineExecutionStatus.Failed, second.PipelineExecutionStatus);
        Assert.Equal(before["Done"], after["Done"]);
        Assert.NotEqual(before["Fails"].FailureReason, after["Fails"].FailureReason);
    }

    [Fact]
    public async Task An_execution_that_is_over_can_not_be_stopped_and_one_that_succeeded_not_be_retried()
    {
        await aws.CreatePipeline("over", $$$"""{"Name":"Done","Type":"Condition","Arguments":{"Conditions":[{{{Always}}}]}}""");
        var execution = await aws.Run("over");
        var stop = await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new StopPipelineExecution(execution.PipelineExecutionArn, PipelineCalls.Token())));
        Assert.Equal("ConflictException", stop.Code);
        var retry = await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new RetryPipelineExecution(execution.PipelineExecutionArn, PipelineCalls.Token())));
        Assert.Contains("Succeeded", retry.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Five_hundred_steps_in_ten_layers_are_all_run_once_and_listed_over_pages()
    {
        var layers = Enumerable.Range(0, 500).Select(i =>
        {
            var needs = i < 50 ? "" : $"\"{Name(i - 50)}\",\"{Name((i / 50 * 50) - 50)}\"";
            return $$$"""{"Name":"{{{Name(i)}}}","Type":"Condition","DependsOn":[{{{needs}}}],"Arguments":{"Conditions":[{{{Always}}}]}}""";
        });
        await aws.CreatePipeline("wide", string.Join(",", layers));
        var clock = Stopwatch.StartNew();
        var execution = await aws.Run("wide");
        TestContext.Current.SendDiagnosticMessage("500 steps in {0} ms", clock.ElapsedMilliseconds);
        Assert.Equal(PipelineExecutionStatus.Succeeded, execution.PipelineExecutionStatus);

        var names = new List<string>();
        string? token = null;
        do
        {
            var page = await aws.Aws.Send(new ListPipelineExecutionSteps(execution.PipelineExecutionArn, token, 100, SortOrder.Ascending));
            Assert.All(page.PipelineExecutionSteps, s => Assert.Equal(StepStatus.Succeeded, s.StepStatus));
            names.AddRange(page.PipelineExecutionSteps.Select(s => s.StepName));
            token = page.NextToken;
        }
        while (token is not null);
        Assert.Equal(Enumerable.Range(0, 500).Select(Name), names.Order());

        static string Name(int i) => $"S{i:000}";
    }

    [Fact]
    public async Task An_execution_keeps_the_definition_that_it_was_started_with()
    {
        await aws.CreatePipeline("changed", $$$"""{"Name":"Old","Type":"Condition","Arguments":{"Conditions":[{{{Always}}}]}}""");
        var old = await aws.Run("changed");
        var definition = """{"Version":"2020-12-01","Steps":[{"Name":"New","Type":"Fail","Arguments":{}}]}""";
        var updated = await aws.Aws.Send(new UpdatePipeline("changed", PipelineDefinition: definition));
        Assert.Equal(2, updated.PipelineVersionId);
        var again = await aws.Aws.Send(new StartPipelineExecution("changed", PipelineCalls.Token(), PipelineVersionId: 1));
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await aws.End(again.PipelineExecutionArn)).PipelineExecutionStatus);
        Assert.Contains("Old", (await aws.Aws.Send(new DescribePipelineDefinitionForExecution(old.PipelineExecutionArn))).PipelineDefinition, StringComparison.Ordinal);
        Assert.Equal(definition, (await aws.Aws.Send(new DescribePipeline("changed"))).PipelineDefinition);
        Assert.Equal(PipelineExecutionStatus.Failed, (await aws.Run("changed")).PipelineExecutionStatus);
    }

    [Fact]
    public void A_job_is_named_as_SageMaker_names_it_and_each_attempt_otherwise()
    {
        var facts = new ExecutionFacts("arn", "arn", "us-east-1", []);
        var step = aws.Server.Part<DefinitionReader>().Read("""{"Version":"2020-12-01","Steps":[{"Name":"A_step-with-a-name-that-is-as-long-as-names-of-steps-can-be-made","Type":"Fail","Arguments":{}}]}""").Steps[0];
        StepAttempt Attempt(int number, int round) => new()
        {
            Step = step, Arguments = step.Arguments, Number = number, IsResumed = false, Caller = new("1", "r", "", ""), StopRequested = default, Executing = _ => { },
            Execution = new("abcdefghijkl", "p", 1, PipelineExecutionStatus.Executing, default, default, round, null, facts),
        };
        var name = Attempt(1, 1).ResourceName(null);
        Assert.Matches("^pipelines-abcdefghijkl-A-step-with-a-name-that-is-as-[A-Za-z0-9]{10}$", name);
        Assert.True(name.Length <= 63);
        Assert.Equal(name, Attempt(1, 1).ResourceName(null));
        Assert.Equal(4, new[] { name, Attempt(2, 1).ResourceName(null), Attempt(1, 2).ResourceName(null), Attempt(1, 1).ResourceName("mine") }.Distinct().Count());
    }
}
