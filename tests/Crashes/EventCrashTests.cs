using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Sqs;

namespace Slipway.Tests.Crashes;

/// <summary>Local AWS is killed while events are on their way to a queue: each that it took is there once.</summary>
public sealed class EventCrashTests(ITestOutputHelper output)
{
    private const int Rounds = 4;
    private const int Before = 5;
    private const string Last = "\"last\"";

    [Fact]
    public async Task Killed_at_any_moment_an_event_that_was_taken_comes_to_its_queue_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        output.WriteLine(string.Join('\n', await KilledUp.Run(0, async (up, cancellation) =>
        {
            using var aws = new AwsClient(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
            var queue = (await aws.Send(new CreateQueue("q", new Dictionary<string, string> { ["VisibilityTimeout"] = "43200" }), cancellation)).QueueUrl;
            await aws.Send(new PutRule("r", EventPattern: """{"source":["test"]}"""), cancellation);
            await aws.Send(new PutTargets("r", [new("t", "arn:aws:sqs:us-east-1:000000000000:q", InputPath: "$.detail.n")]), cancellation);
            var taken = new HashSet<string>();
            for (var round = 0; round < Rounds; round++)
            {
                await PutUntilKilled(up, aws, round, taken, cancellation);
                await up.Restart();
            }

            // the deliveries are made in their order
            await Put(aws, Last, cancellation);
            var found = new List<string>();
            while (!found.Contains(Last))
            {
                found.AddRange((await aws.Send(new ReceiveMessage(queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 20), cancellation)).Messages?.Select(m => m.Body) ?? []);
            }

            Assert.Equal(found.Distinct(), found);
            Assert.Empty(taken.Except(found));
            await up.CheckEnd();
        })));
    }

    /// <summary>Puts events, some before the kill begins, until nobody answers.</summary>
    private static async Task PutUntilKilled(KilledUp up, AwsClient aws, int round, HashSet<string> taken, CancellationToken cancellation)
    {
        var killing = Task.CompletedTask;
        for (var n = 0; n <= Before || !killing.IsCompleted; n++)
        {
            if (n == Before)
            {
                killing = up.KillAfter(TimeSpan.FromMilliseconds(round), cancellation);
            }

            var detail = $"\"{round}/{n}\"";
            try
            {
                await Put(aws, detail, cancellation);
                taken.Add(detail);
            }
            catch (Exception failure) when (n >= Before && Persistent.IsAway(failure))
            {
                break;
            }
        }

        await killing;
    }

    private static Task<PutEvents.Response> Put(AwsClient aws, string n, CancellationToken cancellation) =>
        aws.Send(new PutEvents([new(Source: "test", DetailType: "x", Detail: $$"""{"n":{{n}}}""")]), cancellation);
}
