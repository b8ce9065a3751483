using System.Text.Json.Nodes;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Sqs;
using Slipway.Tests.Clients;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Workflow.Pipelines;

/// <summary>What takes up executions and judges conditions, with definitions that need no job.</summary>
public sealed class PipelineRunTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private ProjectNames Names => ProjectNames.From(DataSetSpecification.AdClick, name => name switch { "DATA_BUCKET" => "runs", "SM_EXEC_ROLE_ARN" => aws.RoleArn, _ => null });

    [Fact]
    public async Task An_execution_is_found_by_its_display_name_as_long_as_it_runs()
    {
        using var session = new AwsSession(aws.Server.Endpoint, aws.Credentials, "us-east-1");
        var run = new PipelineRun(session, Names, TimeProvider.System);
        Assert.Null(await run.FindRunning("build-1", TestContext.Current.CancellationToken));
        await session.S3.PutBucketAsync("runs", TestContext.Current.CancellationToken);
        var queue = (await aws.Aws.Send(new CreateQueue("asks"))).QueueUrl;
        await run.Upsert(Definition(new JsonObject { ["Name"] = "Ask", ["Type"] = "Callback", ["Arguments"] = new JsonObject(), ["SqsQueueUrl"] = queue }), TestContext.Current.CancellationToken);
        var execution = await run.Start(new Dictionary<string, string>(), TestContext.Current.CancellationToken, "build-1");
        Assert.Equal(execution, await run.FindRunning("build-1", TestContext.Current.CancellationToken));
        Assert.Null(await run.FindRunning("build-2", TestContext.Current.CancellationToken));

        var asked = await Patience.Until(() => aws.Aws.Send(new ReceiveMessage(queue)), m => m.Messages is not null);
        var token = (string)JsonNode.Parse(asked.Messages![0].Body)!["token"]!;
        await aws.Aws.Send(new SendPipelineExecutionStepFailure(token, "no", Guid.NewGuid().ToString()));
        Assert.Equal("Failed", (await run.Follow(execution, _ => { }, TestContext.Current.CancellationToken)).Status);
        Assert.Null(await run.FindRunning("build-1", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(0.65, "Succeeded")]
    [InlineData(0.649999, "Failed")]
    public async Task What_equals_the_threshold_passes_without_a_SageMaker_Pipeline_too(double value, string status)
    {
        using var session = new AwsSession(aws.Server.Endpoint, aws.Credentials, "us-east-1");
        await session.S3.PutBucketAsync("runs", TestContext.Current.CancellationToken);
        var gate = new JsonObject
        {
            ["Name"] = "Gate",
            ["Type"] = "Condition",
            ["Arguments"] = new JsonObject
            {
                ["Conditions"] = new JsonArray(new JsonObject { ["Type"] = "GreaterThanOrEqualTo", ["LeftValue"] = value, ["RightValue"] = 0.65 }),
                ["IfSteps"] = new JsonArray(),
                ["ElseSteps"] = new JsonArray(new JsonObject { ["Name"] = "Refuse", ["Type"] = "Fail", ["Arguments"] = new JsonObject { ["ErrorMessage"] = "too low" } }),
            },
        };
        var run = new DirectRun(session, Names, TimeProvider.System);
        var ended = await run.Run(Definition(gate), new Dictionary<string, string>(), "arn:test", _ => { }, TestContext.Current.CancellationToken);
        Assert.Equal((status, status == "Failed"), (ended.Status, ended.IsRefused));
    }

    private static JsonObject Definition(JsonObject step) => new() { ["Version"] = "2020-12-01", ["Steps"] = new JsonArray(step) };
}
