using Slipway.Aws.Sqs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>
/// Sends messages: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/working-with-messages.html. A
/// message is kept, durably, when this returns; inside a write it is part of that transaction.
/// </summary>
internal sealed class Sending(Database database, QueueTable queues, MessageTable messages, SealedBodies sealing)
{
    private const int LongestDelay = 900;
    private const int LargestBatch = 1 << 20;
    private const int LongestGroup = 128;
    private const string TraceHeader = "AWSTraceHeader";

    public SendMessage.Response Send(SendMessage request, Caller caller) => database.Write(_ =>
    {
        var made = Make(queues.Require(request.QueueUrl), request, caller);
        return Keep(made, caller);
    });

    public SendMessageBatch.Response SendBatch(SendMessageBatch request, Caller caller) => database.Write(_ =>
    {
        var queue = queues.Require(request.QueueUrl);
        BatchIds.Check([.. request.Entries.Select(e => e.Id)], SqsErrors.Make);
        var size = request.Entries.Sum(e => new StoredMessage("", e.MessageBody, "", e.MessageAttributes).Size);
        if (size > LargestBatch)
        {
            throw SqsErrors.Make("BatchRequestTooLong", $"Batch requests cannot be longer than {LargestBatch} bytes. You have sent {size} bytes.");
        }

        var (taken, failed) = Batch.Of(request.Entries, e => e.Id, e =>
        {
            var single = new SendMessage(request.QueueUrl, e.MessageBody, e.DelaySeconds, e.MessageAttributes, e.MessageSystemAttributes, e.MessageDeduplicationId, e.MessageGroupId);
            var kept = Keep(Make(queue, single, caller), caller);
            return new SendMessageBatchResultEntry(e.Id, kept.MessageId, kept.MD5OfMessageBody, kept.MD5OfMessageAttributes, kept.MD5OfMessageSystemAttributes);
        });
        return new SendMessageBatch.Response(taken, failed);
    });

    private static Made Make(StoredQueue queue, SendMessage request, Caller caller)
    {
        if (request.MessageDeduplicationId is not null)
        {
            throw SqsErrors.InvalidValue(nameof(request.MessageDeduplicationId), request.MessageDeduplicationId, "The request includes a parameter that is not valid for this queue type.");
        }

        if (request.MessageGroupId is { Length: 0 or > LongestGroup } group)
        {
            throw SqsErrors.InvalidValue(nameof(request.MessageGroupId), group, $"It must have 1 to {LongestGroup} characters.");
        }

        if (request.DelaySeconds is < 0 or > LongestDelay)
        {
            throw SqsErrors.InvalidValue(nameof(request.DelaySeconds), request.DelaySeconds, $"DelaySeconds must be >= 0 and <= {LongestDelay}.");
        }

        var message = new StoredMessage(
            Guid.NewGuid().ToString(), request.MessageBody, caller.Identity.UserId, request.MessageAttributes is { Count: > 0 } attributes ? attributes : null,
            Trace(request.MessageSystemAttributes), request.MessageGroupId);
        message.Check(queue.Number(QueueAttributes.MaximumMessageSize));
        return new(queue, message, request.DelaySeconds ?? queue.Number(QueueAttributes.DelaySeconds), StoredMessage.Md5(request.MessageSystemAttributes));
    }

    private SendMessage.Response Keep(Made made, Caller caller)
    {
        messages.Add(made.Queue, sealing.Seal(made.Queue, made.Message, caller), TimeSpan.FromSeconds(made.Delay));
        return new(made.Message.Id, StoredMessage.Md5(made.Message.Body), StoredMessage.Md5(made.Message.Attributes), made.SystemMd5);
    }

    private static string? Trace(IReadOnlyDictionary<string, MessageAttributeValue>? system)
    {
        foreach (var (name, value) in system ?? new Dictionary<string, MessageAttributeValue>())
        {
            if (name != TraceHeader || value is not { DataType: "String", StringValue.Length: > 0, BinaryValue: null })
            {
                throw SqsErrors.Invalid($"Message system attribute name '{name}' is invalid: there is {TraceHeader}, which is a String.");
            }
        }

        return system?.GetValueOrDefault(TraceHeader)?.StringValue;
    }

    /// <summary>A message that is checked.</summary>
    private sealed record Made(StoredQueue Queue, StoredMessage Message, int Delay, string? SystemMd5);
}
