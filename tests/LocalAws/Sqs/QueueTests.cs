using System.Net;
using System.Text.Json;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.Client;
using Slipway.Aws.Kms;
using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Sqs;
using Slipway.LocalAws.Storage;
using Slipway.Tests.Clients;
using Slipway.Tests.Crashes;

namespace Slipway.Tests.LocalAws.Sqs;

/// <summary>Queues as time goes by, and kills of local AWS.</summary>
public sealed class QueueTests
{
    private const int Before = 5;
    private readonly FakeTimeProvider _time = new(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task A_message_comes_when_its_delay_is_over_and_again_when_its_visibility_timeout_is()
    {
        await using var aws = new LocalAwsFixture { Time = _time };
        await aws.InitializeAsync();
        var queue = (await aws.Aws.Send(new CreateQueue("q", new Dictionary<string, string> { ["DelaySeconds"] = "10" }))).QueueUrl;
        await aws.Aws.Send(new SendMessage(queue, "m"));
        await Advance(aws, queue, 9);
        Assert.Equal("m", (await Advance(aws, queue, 1, "m"))?.Body);
        await Advance(aws, queue, 29);
        Assert.Equal("m", (await Advance(aws, queue, 1, "m"))?.Body);
    }

    [Fact]
    public async Task A_message_that_nobody_deletes_goes_after_the_retention_period_wherever_it_has_been_moved()
    {
        await using var aws = new LocalAwsFixture { Time = _time };
        await aws.InitializeAsync();
        var retention = new Dictionary<string, string> { ["MessageRetentionPeriod"] = "100" };
        var dead = (await aws.Aws.Send(new CreateQueue("dead", retention))).QueueUrl;
        var redrive = """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":1}""";
        var queue = (await aws.Aws.Send(new CreateQueue("q", new Dictionary<string, string>(retention) { ["RedrivePolicy"] = redrive, ["VisibilityTimeout"] = "0" }))).QueueUrl;
        await aws.Aws.Send(new SendMessage(queue, "m"));
        Assert.NotNull(await Receive(aws, queue));
        Assert.Null(await Receive(aws, queue));
        Assert.Equal("1", await Count(aws, dead));
        _time.Advance(TimeSpan.FromSeconds(99));
        Assert.Equal("1", await Count(aws, dead));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("0", await Count(aws, dead));
        Assert.Null(await Receive(aws, dead));
    }

    [Fact]
    public async Task Messages_that_were_received_too_often_make_room_for_those_behind_them()
    {
        await using var aws = new LocalAwsFixture { Time = _time };
        await aws.InitializeAsync();
        var dead = (await aws.Aws.Send(new CreateQueue("dead"))).QueueUrl;
        var redrive = """{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":2}""";
        var queue = (await aws.Aws.Send(new CreateQueue("q", new Dictionary<string, string> { ["RedrivePolicy"] = redrive, ["VisibilityTimeout"] = "0" }))).QueueUrl;
        for (var i = 0; i < 25; i++)
        {
            await aws.Aws.Send(new SendMessage(queue, $"{i}"));
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        // a message that is received, and visible again at once, has its turn behind the others
        var received = new List<string>();
        while (await Receive(aws, queue) is { } message)
        {
            received.Add(message.Body!);
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(Enumerable.Repeat(Enumerable.Range(0, 25), 2).SelectMany(i => i).Select(i => $"{i}"), received);
        Assert.Equal(("0", "25"), (await Count(aws, queue), await Count(aws, dead)));
    }

    [Fact]
    public async Task A_message_whose_key_is_gone_stays_and_nobody_reads_it()
    {
        await using var aws = new LocalAwsFixture { Time = _time };
        await aws.InitializeAsync();
        var key = (await aws.Aws.Send(new CreateKey())).KeyMetadata.KeyId;
        var week = TimeSpan.FromDays(7);
        var queue = (await aws.Aws.Send(new CreateQueue("q", new Dictionary<string, string> { ["KmsMasterKeyId"] = key, ["MessageRetentionPeriod"] = "1209600" }))).QueueUrl;
        await aws.Aws.Send(new SendMessage(queue, "m"));
        await aws.Aws.Send(new ScheduleKeyDeletion(key, week.Days));
        Assert.Equal("KmsInvalidState", (await Refused()).Code);
        _time.Advance(week + TimeSpan.FromMinutes(1));
        await Patience.Until(Refused, e => e.Code == "KmsAccessDenied");
        Assert.Equal("1", await Count(aws, queue));

        Task<AwsException> Refused() => Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new ReceiveMessage(queue, VisibilityTimeout: 0)));
    }

    [Fact]
    public async Task A_queue_with_120000_messages_in_flight_gives_no_more_until_one_is_deleted()
    {
        await using var aws = new LocalAwsFixture { Time = _time };
        await aws.InitializeAsync();
        var queue = (await aws.Aws.Send(new CreateQueue("q"))).QueueUrl;
        await aws.Aws.Send(new SendMessage(queue, "one"));
        await aws.Aws.Send(new SendMessage(queue, "two"));
        var received = await aws.Aws.Send(new ReceiveMessage(queue, VisibilityTimeout: 43200));
        // the others are as this one is
        aws.Server.Part<Database>().Write(c => c.Execute(
            $"""
            WITH RECURSIVE n (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM n WHERE n < {MessageTable.MostInFlight})
            INSERT INTO sqs_message (queue, sent, visible, receives, first_received, received, receipt, message)
            SELECT queue, sent, visible, receives, first_received, received, receipt, message FROM sqs_message, n WHERE receives = 1
            """));
        // what came past the API is counted after a start
        await aws.Restart();
        queue = (await aws.Aws.Send(new GetQueueUrl("q"))).QueueUrl;
        var error = await Assert.ThrowsAsync<AwsException>(() => aws.Aws.Send(new ReceiveMessage(queue)));
        Assert.Equal(("OverLimit", HttpStatusCode.Forbidden), (error.Code, error.Status));
        // long polling tells no error, and nothing comes
        var waiting = aws.Aws.Send(new ReceiveMessage(queue, WaitTimeSeconds: 1));
        await Patience.Until(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(waiting.IsCompleted);
        });
        Assert.Null((await waiting).Messages);
        await aws.Aws.Send(new DeleteMessage(queue, Assert.Single(received.Messages!).ReceiptHandle));
        Assert.Equal("two", (await Receive(aws, queue))?.Body);
    }

    [Fact]
    public async Task Who_waits_for_a_message_does_not_keep_local_AWS_from_ending()
    {
        await using var aws = new LocalAwsFixture { Time = _time };
        await aws.InitializeAsync();
        var queue = (await aws.Aws.Send(new CreateQueue("q"))).QueueUrl;
        // the clock stands still, so nothing but the end ends the wait; the server asks for the body when it has taken the request
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var http = new HttpClient(new SocketsHttpHandler { Expect100ContinueTimeout = Timeout.InfiniteTimeSpan }) { Timeout = Patience.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, aws.Server.Endpoint) { Content = new AskedContent(JsonSerializer.SerializeToUtf8Bytes(new ReceiveMessage(queue, WaitTimeSeconds: 20)), asked) };
        request.Headers.ExpectContinue = true;
        request.Headers.Add("X-Amz-Target", "AmazonSQS.ReceiveMessage");
        var waiting = http.SendAsync(request, TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        await aws.Restart();
        Assert.Equal("{}", await (await waiting).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_was_acknowledged_is_there_after_a_kill_and_what_was_deleted_is_not()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are looked up in /proc");
        await KilledUp.Run(0, async (up, cancellation) =>
        {
            using var aws = new AwsClient(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
            var queue = (await aws.Send(new CreateQueue("q", new Dictionary<string, string> { ["VisibilityTimeout"] = "0" }), cancellation)).QueueUrl;
            var kept = new HashSet<string>();
            for (var round = 0; round < 3; round++)
            {
                // some are acknowledged before, and one is on its way as it dies
                var killing = Task.CompletedTask;
                for (var n = 0; n <= Before || !killing.IsCompleted; n++)
                {
                    if (n == Before)
                    {
                        killing = up.KillAfter(TimeSpan.FromMilliseconds(20), cancellation);
                    }

                    try
                    {
                        await aws.Send(new SendMessage(queue, $"{round}/{n}"), cancellation);
                        kept.Add($"{round}/{n}");
                    }
                    catch (Exception failure) when (n >= Before && Persistent.IsAway(failure))
                    {
                        break;
                    }
                }

                await killing;
                await up.Restart();
            }

            Assert.True(kept.Count >= 3 * Before);
            var found = new HashSet<string>();
            while ((await aws.Send(new ReceiveMessage(queue, MaxNumberOfMessages: 10, VisibilityTimeout: 300), cancellation)).Messages is { } messages)
            {
                foreach (var message in messages)
                {
                    Assert.True(found.Add(message.Body), $"{message.Body} is there twice");
                    await aws.Send(new DeleteMessage(queue, message.ReceiptHandle), cancellation);
                }
            }

            Assert.Empty(kept.Except(found));
            await up.KillAfter(TimeSpan.Zero, cancellation);
            await up.Restart();
            Assert.Null((await aws.Send(new ReceiveMessage(queue), cancellation)).Messages);
            await up.CheckEnd();
        });
    }

    /// <summary>Puts the clock forward and receives what a queue has then, which is what is expected.</summary>
    private async Task<Message?> Advance(LocalAwsFixture aws, string queue, int seconds, string? expected = null)
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        var message = await Receive(aws, queue);
        Assert.Equal(expected, message?.Body);
        return message;
    }

    private static async Task<Message?> Receive(LocalAwsFixture aws, string queue) => (await aws.Aws.Send(new ReceiveMessage(queue))).Messages?.Single();

    private static async Task<string> Count(LocalAwsFixture aws, string queue) =>
        (await aws.Aws.Send(new GetQueueAttributes(queue, ["ApproximateNumberOfMessages"]))).Attributes!["ApproximateNumberOfMessages"];

    /// <summary>A body that says when it is asked for.</summary>
    private sealed class AskedContent(byte[] body, TaskCompletionSource asked) : ByteArrayContent(body)
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            asked.TrySetResult();
            return base.SerializeToStreamAsync(stream, context, cancellationToken);
        }
    }
}
