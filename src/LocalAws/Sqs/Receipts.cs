using Slipway.Aws.Sqs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sqs;

/// <summary>What becomes of messages that were received: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html</summary>
internal sealed class Receipts(Database database, QueueTable queues, MessageTable messages, TimeProvider time)
{
    private const int LongestHidden = 43200;

    public void Delete(DeleteMessage request)
    {
        var queue = queues.Require(request.QueueUrl);
        messages.Delete(queue, Receipt.Read(request.ReceiptHandle, queue));
    }

    public DeleteMessageBatch.Response DeleteBatch(DeleteMessageBatch request) => database.Write(_ =>
    {
        var queue = queues.Require(request.QueueUrl);
        BatchIds.Check([.. request.Entries.Select(e => e.Id)], SqsErrors.Make);
        var (deleted, failed) = Batch.Of(request.Entries, e => e.Id, e =>
        {
            messages.Delete(queue, Receipt.Read(e.ReceiptHandle, queue));
            return new DeleteMessageBatchResultEntry(e.Id);
        });
        return new DeleteMessageBatch.Response(deleted, failed);
    });

    public void ChangeVisibility(ChangeMessageVisibility request) => Hide(queues.Require(request.QueueUrl), request.ReceiptHandle, request.VisibilityTimeout);

    public ChangeMessageVisibilityBatch.Response ChangeVisibilityBatch(ChangeMessageVisibilityBatch request) => database.Write(_ =>
    {
        var queue = queues.Require(request.QueueUrl);
        BatchIds.Check([.. request.Entries.Select(e => e.Id)], SqsErrors.Make);
        var (changed, failed) = Batch.Of(request.Entries, e => e.Id, e =>
        {
            Hide(queue, e.ReceiptHandle, e.VisibilityTimeout ?? throw SqsErrors.Missing(nameof(e.VisibilityTimeout)));
            return new ChangeMessageVisibilityBatchResultEntry(e.Id);
        });
        return new ChangeMessageVisibilityBatch.Response(changed, failed);
    });

    /// <summary>Checks for how many seconds a message is to be hidden.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidParameterValueException.</exception>
    public static void CheckVisibility(int seconds)
    {
        if (seconds is < 0 or > LongestHidden)
        {
            throw SqsErrors.InvalidValue("VisibilityTimeout", seconds, $"Must be between 0 and {LongestHidden}.");
        }
    }

    private void Hide(StoredQueue queue, string handle, int seconds)
    {
        CheckVisibility(seconds);
        var hidden = TimeSpan.FromSeconds(seconds);
        var isHidden = messages.Hide(queue, Receipt.Read(handle, queue), received => time.GetUtcNow() + hidden <= received.AddSeconds(LongestHidden) || seconds == 0
            ? hidden
            : throw SqsErrors.InvalidValue("VisibilityTimeout", seconds, $"Total VisibilityTimeout for the message is beyond the limit [{LongestHidden} seconds]"));
        if (!isHidden)
        {
            throw SqsErrors.Make("MessageNotInflight", $"Value {handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.");
        }
    }
}
