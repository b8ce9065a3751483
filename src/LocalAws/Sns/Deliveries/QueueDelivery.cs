using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Sqs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>Puts messages in queues of SQS: https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html</summary>
internal sealed class QueueDelivery(Database database, LocalAwsOptions options, QueueTable queues, Sending sending, NotificationQueue waiting, Envelope envelope)
{
    /// <summary>Puts a message in its queue and forgets it here, in one transaction, so that it comes once.</summary>
    /// <exception cref="DeliveryException">The queue is not there, or SQS refuses the message.</exception>
    public void DeliverAndForget(StoredTopic topic, StoredSubscription subscription, Notification notification)
    {
        var isRaw = notification.IsRawFor(subscription);
        var body = isRaw ? notification.Message : envelope.Of(notification, topic[TopicAttributes.SignatureVersion]);
        var attributes = isRaw ? notification.MessageAttributes?.ToDictionary(a => a.Key, a => new MessageAttributeValue(a.Value.DataType, a.Value.StringValue, a.Value.BinaryValue)) : null;
        try
        {
            database.Write(_ =>
            {
                var queue = queues.Find(subscription.Endpoint) ?? throw SqsErrors.NoQueue();
                sending.Send(new SendMessage(queues.Url(queue), body, MessageAttributes: attributes), options.Caller(queue.Region));
                waiting.Forget(notification);
            });
        }
        catch (AwsException e) when ((int)e.Status < 500)
        {
            throw new DeliveryException(e.Message, isFinal: true, e);
        }
    }
}
