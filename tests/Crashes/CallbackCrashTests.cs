using System.Text.Json;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Sqs;

namespace Slipway.Tests.Crashes;

/// <summary>
/// Local AWS is killed around each moment of a callback: as it asks, while it waits, as the execution is to stop, as the
/// answer comes. Who is asked gets each message once, and the execution goes on with the answer.
/// </summary>
public sealed class CallbackCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_at_any_moment_a_callback_asks_once_and_goes_on_with_its_answer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        output.WriteLine(string.Join('\n', await KilledUp.Run(0, Run)));
    }

    private static async Task Run(KilledUp up, CancellationToken cancellation)
    {
        using var aws = new AwsClient(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        var queue = (await aws.Send(new CreateQueue("q"), cancellation)).QueueUrl;
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        var role = (await aws.Send(new CreateRole("execution", trust), cancellation)).Role.Arn;
        var definition = $$$"""
            {"Version":"2020-12-01","Steps":[
              {"Name":"Ask","Type":"Callback","Arguments":{"n":1},"SqsQueueUrl":"{{{queue}}}","OutputParameters":[{"OutputName":"o","OutputType":"Integer"}]},
              {"Name":"Check","Type":"Condition","Arguments":{"Conditions":[{"Type":"Equals","LeftValue":{"Get":"Steps.Ask.OutputParameters['o']"},"RightValue":7}]}}]}
            """;
        await aws.Send(new CreatePipeline("asking", Token(), role, PipelineDefinition: definition), cancellation);
        await Round(up, aws, queue, TimeSpan.FromMilliseconds(5), isToStop: false, cancellation);
        await Round(up, aws, queue, TimeSpan.Zero, isToStop: true, cancellation);
        await up.CheckEnd();
    }

    private static async Task Round(KilledUp up, AwsClient aws, string queue, TimeSpan moment, bool isToStop, CancellationToken cancellation)
    {
        var execution = (await aws.Send(new StartPipelineExecution("asking", Token()), cancellation)).PipelineExecutionArn;
        await Kill();
        var token = await Next(aws, queue, execution, "Executing", cancellation);
        await Kill();
        if (isToStop)
        {
            await aws.Send(new StopPipelineExecution(execution, Token()), cancellation);
            await Kill();
            Assert.Equal(token, await Next(aws, queue, execution, "Stopping", cancellation));
            await Kill();
        }

        await aws.Send(new SendPipelineExecutionStepSuccess(token, [new("o", "7")], Token()), cancellation);
        await Kill();
        var ended = await Ended(aws, execution, cancellation);
        Assert.True(ended.PipelineExecutionStatus == (isToStop ? PipelineExecutionStatus.Stopped : PipelineExecutionStatus.Succeeded), $"{ended.PipelineExecutionStatus}: {ended.FailureReason}");
        Assert.Null((await aws.Send(new ReceiveMessage(queue), cancellation)).Messages);

        async Task Kill()
        {
            await up.KillAfter(moment, cancellation);
            await up.Restart();
        }
    }

    private static string Token() => Guid.NewGuid().ToString();

    /// <summary>Takes the next message from the queue, and gives the token in it.</summary>
    private static async Task<string> Next(AwsClient aws, string queue, string execution, string status, CancellationToken cancellation)
    {
        IReadOnlyList<Message>? messages;
        do
        {
            messages = (await aws.Send(new ReceiveMessage(queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 20), cancellation)).Messages;
        }
        while (messages is null);
        var message = Assert.Single(messages);
        await aws.Send(new DeleteMessage(queue, message.ReceiptHandle), cancellation);
        var body = JsonSerializer.Deserialize<JsonElement>(message.Body);
        Assert.Equal((execution, status), (body.GetProperty("pipelineExecutionArn").GetString(), body.GetProperty("status").GetString()));
        return body.GetProperty("token").GetString()!;
    }

    private static Task<DescribePipelineExecution.Response> Ended(AwsClient aws, string execution, CancellationToken cancellation) => Patience.Until(
        () => aws.Send(new DescribePipelineExecution(execution), cancellation),
        e => e.PipelineExecutionStatus is not (PipelineExecutionStatus.Executing or PipelineExecutionStatus.Stopping));
}
