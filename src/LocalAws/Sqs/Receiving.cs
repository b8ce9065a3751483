using Slipway.Aws.Sqs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sqs;

/// <summary>Receives messages, and waits for them: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html</summary>
internal sealed class Receiving(QueueTable queues, MessageTable messages, SealedBodies sealing, Changes changes, ShutdownSignal shutdown, TimeProvider time)
{
    private const int MostMessages = 10;
    private const int LongestWait = 20;
    private const string All = "All";
    private static readonly TimeSpan Millisecond = TimeSpan.FromMilliseconds(1);

    private static readonly string[] SystemAttributes =
    [
        "SenderId", "SentTimestamp", "ApproximateReceiveCount", "ApproximateFirstReceiveTimestamp", "SequenceNumber", "MessageDeduplicationId", "MessageGroupId", "AWSTraceHeader",
        "DeadLetterQueueSourceArn",
    ];

    public async Task<ReceiveMessage.Response> Receive(ReceiveMessage request, CancellationToken cancellation)
    {
        Check(request);
        var queue = queues.Require(request.QueueUrl);
        var wait = Seconds(request.WaitTimeSeconds, queue, QueueAttributes.ReceiveMessageWaitTimeSeconds);
        var until = time.GetUtcNow() + wait;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, shutdown.Token);
        while (true)
        {
            var changed = changes.Next(queue.Arn);
            var isFull = messages.IsFull(queue);
            if (isFull && wait == TimeSpan.Zero)
            {
                throw SqsErrors.OverLimit();
            }

            var taken = isFull ? [] : messages.Take(queue, request.MaxNumberOfMessages ?? 1, Seconds(request.VisibilityTimeout, queue, QueueAttributes.VisibilityTimeout));
            var now = time.GetUtcNow();
            if (taken.Count > 0 || now >= until || shutdown.Token.IsCancellationRequested)
            {
                return new(taken.Count > 0 ? taken.ConvertAll(m => Shown(m, request)) : null);
            }

            var next = messages.NextVisible(queue, isFull ? now : null) is { } visible && visible < until ? visible : until;
            // timers count whole milliseconds: one that is cut off would come too early
            await changed.WaitAsync(next > now ? next - now + Millisecond : Millisecond, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellation.ThrowIfCancellationRequested();
            // it may have been deleted, or set otherwise
            queue = queues.Require(request.QueueUrl);
        }
    }

    private static void Check(ReceiveMessage request)
    {
        if (request.MaxNumberOfMessages is < 1 or > MostMessages)
        {
            throw SqsErrors.InvalidValue(nameof(request.MaxNumberOfMessages), request.MaxNumberOfMessages, $"Must be between 1 and {MostMessages}, if provided.");
        }

        if (request.WaitTimeSeconds is < 0 or > LongestWait)
        {
            throw SqsErrors.InvalidValue(nameof(request.WaitTimeSeconds), request.WaitTimeSeconds, $"Must be >= 0 and <= {LongestWait}, if provided.");
        }

        if (request.VisibilityTimeout is { } hidden)
        {
            Receipts.CheckVisibility(hidden);
        }

        if (request.ReceiveRequestAttemptId is { } attempt)
        {
            throw SqsErrors.InvalidValue(nameof(request.ReceiveRequestAttemptId), attempt, "The request includes a parameter that is not valid for this queue type.");
        }

        if (Asked(request).FirstOrDefault(n => n != All && !SystemAttributes.Contains(n)) is { } unknown)
        {
            throw SqsErrors.UnknownAttribute(unknown);
        }
    }

    private static TimeSpan Seconds(int? given, StoredQueue queue, string attribute) => given is { } seconds ? TimeSpan.FromSeconds(seconds) : queue.Seconds(attribute);

    private static IEnumerable<string> Asked(ReceiveMessage request) => (request.MessageSystemAttributeNames ?? []).Concat(request.AttributeNames ?? []);

    private Message Shown(ReceivedMessage received, ReceiveMessage request)
    {
        var message = sealing.Open(received.Message);
        var asked = Asked(request).ToList();
        var system = Attributes(received).Where(a => a.Value is not null && (asked.Contains(All) || asked.Contains(a.Name))).ToDictionary(a => a.Name, a => a.Value!);
        var own = message.Attributes?.Where(a => IsAsked(a.Key, request.MessageAttributeNames ?? [])).ToDictionary();
        return new(
            message.Id, received.Receipt.Handle, StoredMessage.Md5(message.Body), message.Body, system.Count > 0 ? system : null,
            StoredMessage.Md5(own), own is { Count: > 0 } ? own : null);
    }

    private static IEnumerable<(string Name, string? Value)> Attributes(ReceivedMessage received) =>
    [
        ("SenderId", received.Message.Sender),
        ("SentTimestamp", received.Sent.ToUnixTimeMilliseconds().ToString()),
        ("ApproximateReceiveCount", received.Receives.ToString()),
        ("ApproximateFirstReceiveTimestamp", received.FirstReceived.ToUnixTimeMilliseconds().ToString()),
        ("MessageGroupId", received.Message.GroupId),
        ("AWSTraceHeader", received.Message.TraceHeader),
        ("DeadLetterQueueSourceArn", received.Message.Source),
    ];

    private static bool IsAsked(string name, IReadOnlyList<string> asked) =>
        asked.Any(a => a == All || a == name || (a.EndsWith(".*", StringComparison.Ordinal) && name.StartsWith(a[..^2], StringComparison.Ordinal)));
}
