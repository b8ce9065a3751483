using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Cli;
using Slipway.Tests.Clients;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Pipelines;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Slipway.Tests.Cli;

/// <summary>What is shown of an execution's steps while they go.</summary>
public sealed class ExecutionProgressTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_step_that_is_tried_again_says_which_attempt_it_is_in_lines_and_in_the_table()
    {
        // the account of the tests has no ml.t3.large for training
        var definition = $$$$"""
            {"Version":"2020-12-01","Steps":[{"Name":"Work","Type":"Training","RetryPolicies":[{"ExceptionType":["SageMaker.RESOURCE_LIMIT"],"IntervalSeconds":1,"MaxAttempts":1}],
              "Arguments":{"RoleArn":"{{{{aws.RoleArn}}}}","AlgorithmSpecification":{"TrainingImage":"{{{{LocalAwsFixture.CommandImage}}}}","TrainingInputMode":"File"},
                "OutputDataConfig":{"S3OutputPath":"s3://data/out"},"ResourceConfig":{"InstanceType":"ml.t3.large","InstanceCount":1,"VolumeSizeInGB":1},"StoppingCondition":{"MaxRuntimeInSeconds":60}}}]}
            """;
        using var session = new AwsSession(aws.Server.Endpoint, aws.Credentials, "us-east-1");
        await session.S3.PutBucketAsync("data", TestContext.Current.CancellationToken);
        var names = ProjectNames.From(DataSetSpecification.AdClick, name => name switch { "DATA_BUCKET" => "data", "SM_EXEC_ROLE_ARN" => aws.RoleArn, _ => null });
        await aws.Aws.Send(new CreatePipeline(names.Pipeline, Guid.NewGuid().ToString(), aws.RoleArn, PipelineDefinition: definition));
        var run = new PipelineRun(session, names, TimeProvider.System);
        var execution = await run.Start(new Dictionary<string, string>(), TestContext.Current.CancellationToken);
        var states = new List<StepState>();
        var ended = await run.Follow(execution, states.Add, TestContext.Current.CancellationToken);

        Assert.Equal(("Failed", 2), (ended.Status, Assert.Single(ended.Steps).Attempt));
        Assert.Equal(states.OrderBy(s => s.Attempt), states);
        Assert.Matches(@"^  ✗ Work             Failed     \d+\.\d s  attempt 2\n$", Shown(new Markup(ExecutionProgress.Line(states[^1]) + "\n")));
        var table = Shown(ExecutionProgress.Table([states[^1] with { Status = "Executing", Start = Now.AddSeconds(-3), End = null, Reason = null }], Now));
        Assert.Matches(@"Work +Executing +3\.0 s +attempt 2", table);
    }

    [Fact]
    public void A_step_that_is_tried_once_says_nothing_of_attempts_and_one_from_the_cache_where_it_came_from()
    {
        var step = new StepState("Train", "Succeeded", Now, Now.AddSeconds(2), null);
        Assert.Equal("  ✓ Train            Succeeded  2.0 s\n", Shown(new Markup(ExecutionProgress.Line(step) + "\n")));
        Assert.Equal("  ✓ Train            Succeeded  2.0 s  from the cache: abc\n", Shown(new Markup(ExecutionProgress.Line(step with { CachedFrom = "arn:execution/abc" }) + "\n")));
    }

    private static string Shown(IRenderable what)
    {
        using var text = new StringWriter { NewLine = "\n" };
        AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) }).Write(what);
        return text.ToString();
    }
}
