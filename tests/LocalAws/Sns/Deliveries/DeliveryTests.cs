using System.Net;
using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.Client;
using Slipway.Aws.Sns;
using Slipway.Aws.Sqs;
using Slipway.LocalAws.SageMaker.Endpoints;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.LocalAws.Sns.Deliveries;

/// <summary>Messages that their endpoint does not take at first, and kills of local AWS.</summary>
public sealed class DeliveryTests
{
    private const string SoonAgain = """{"healthyRetryPolicy":{"numRetries":100,"minDelayTarget":1,"maxDelayTarget":1}}""";

    [Fact]
    public async Task A_message_is_tried_three_times_more_at_20_seconds_and_then_given_up_which_the_log_tells()
    {
        var time = new FakeTimeProvider(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
        await using var aws = new LocalAwsFixture { Time = time };
        await aws.InitializeAsync();
        await using var hook = new Hook();
        var topic = (await aws.Aws.Send(new CreateTopic("t"))).TopicArn;
        await hook.Subscribe(aws.Aws, topic);
        hook.Answer = HttpStatusCode.BadGateway;
        var id = (await aws.Aws.Send(new Publish("m", topic))).MessageId;
        for (var attempt = 1; attempt <= 4; attempt++)
        {
            Assert.Equal(id, (string?)(await hook.Next())["MessageId"]);
            await Kept(aws, attempt);
            time.Advance(TimeSpan.FromSeconds(19));
            Assert.Equal(0, hook.Waiting);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        var told = $"SNS gave up the Notification {id} of {topic} to {hook.Url} after 4 attempts: it answered 502";
        await Patience.Until(() => Task.FromResult(aws.Log), t => t.Contains(told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_subscription_that_nobody_confirms_goes_after_two_days()
    {
        var time = new FakeTimeProvider(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero));
        await using var aws = new LocalAwsFixture { Time = time };
        await aws.InitializeAsync();
        await using var hook = new Hook();
        var topic = (await aws.Aws.Send(new CreateTopic("t"))).TopicArn;
        await aws.Aws.Send(new Subscribe(topic, "http", hook.Url));
        var token = (string)(await hook.Next())["Token"]!;
        await aws.Restart(() => time.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1)));
        Assert.Equal("PendingConfirmation", Assert.Single((await aws.Aws.Send(new ListSubscriptions())).Subscriptions).SubscriptionArn);
        await aws.Restart(() => time.Advance(TimeSpan.FromSeconds(1)));
        var late = await Assert.ThrowsAsync<Slipway.Aws.Wire.AwsException>(() => aws.Aws.Send(new ConfirmSubscription(topic, token)));
        Assert.Equal("Invalid parameter: Token", late.Message);
    }

    [Fact]
    public async Task What_was_published_comes_after_a_kill_and_mail_and_messages_of_queues_come_once()
    {
        var data = Directory.CreateTempSubdirectory("slipway-sns-").FullName;
        await using var hook = new Hook();
        // nobody else takes it while local AWS is away
        using var port = PortLease.Take();
        var up = await LaunchedUp.Start(data, port.Port);
        try
        {
            using var aws = new AwsClient(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
            var topic = (await aws.Send(new CreateTopic("t"))).TopicArn;
            await hook.Subscribe(aws, topic, new Dictionary<string, string> { ["DeliveryPolicy"] = SoonAgain });
            await aws.Send(new Subscribe(topic, "email", "ann@example.com"));
            await ConfirmMail(aws, topic, data);
            var queue = (await aws.Send(new CreateQueue("q"))).QueueUrl;
            await aws.Send(new Subscribe(topic, "sqs", "arn:aws:sqs:us-east-1:000000000000:q", new Dictionary<string, string> { ["RawMessageDelivery"] = "true" }));
            hook.Answer = HttpStatusCode.ServiceUnavailable;
            var ids = new List<string>();
            for (var i = 0; i < 20; i++)
            {
                ids.Add((await aws.Send(new Publish($"message {i}", topic))).MessageId);
            }

            await up.Kill();
            up.Dispose();
            hook.Answer = HttpStatusCode.OK;
            up = await LaunchedUp.Start(data, port.Port);
            var left = ids.ToHashSet();
            while (left.Count > 0)
            {
                left.Remove((string)(await hook.Next())["MessageId"]!);
            }

            var mails = await Mails(data, 21);
            var published = Enumerable.Range(0, 20).Select(i => $"message {i}").Order(StringComparer.Ordinal).ToList();
            Assert.Equal(published, mails.Skip(1).Select(m => m.Split("\r\n\r\n")[1].Split("\r\n")[0]).Order(StringComparer.Ordinal));
            Assert.Equal(published, (await Queued(aws, queue, 20)).Order(StringComparer.Ordinal));
        }
        finally
        {
            up.Dispose();
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task ConfirmMail(AwsClient aws, string topic, string data)
    {
        var text = (await Mails(data, 1))[0].Replace("=\r\n", "", StringComparison.Ordinal);
        var token = text[(text.IndexOf("Token=3D", StringComparison.Ordinal) + "Token=3D".Length)..].Split("\r\n")[0];
        await aws.Send(new ConfirmSubscription(topic, token));
    }

    /// <summary>The mail in an inbox, once there is so much.</summary>
    private static async Task<List<string>> Mails(string data, int count)
    {
        var inbox = Path.Combine(data, "inbox");
        var files = await Patience.Until(() => Task.FromResult<string[]>(Directory.Exists(inbox) ? Directory.GetFiles(inbox, "*.eml") : []), f => f.Length >= count);
        return [.. files.Order(StringComparer.Ordinal).Select(File.ReadAllText)];
    }

    /// <summary>The messages in a queue, once there are so many.</summary>
    private static async Task<List<string>> Queued(AwsClient aws, string queue, int count)
    {
        var found = new List<string>();
        await Patience.Until(async () =>
        {
            found.AddRange(((await aws.Send(new ReceiveMessage(queue, MaxNumberOfMessages: 10, VisibilityTimeout: 43200))).Messages ?? []).Select(m => m.Body));
            return found.Count;
        }, n => n >= count);
        return found;
    }

    /// <summary>Returns once a failed attempt is on disk: from then on the clock counts for the next one.</summary>
    private static Task Kept(LocalAwsFixture aws, int attempts)
    {
        var queue = aws.Server.Part<Slipway.LocalAws.Sns.Deliveries.NotificationQueue>();
        return Patience.Until(() => Task.FromResult(queue.First(1)), f => f is [] || f[0].Work.Attempts == attempts);
    }
}
