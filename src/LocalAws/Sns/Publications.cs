using Slipway.Aws.Sns;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Sqs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>
/// Publishes messages: https://docs.aws.amazon.com/sns/latest/dg/sns-publishing.html. A message is on its way to every
/// subscription, durably, when this returns; inside a write it is part of that transaction.
/// </summary>
internal sealed class Publications(
    Database database, TopicTable topics, SubscriptionTable subscriptions, NotificationQueue queue, SealedMessages sealing, TimeProvider time)
{
    public Publish.Response Publish(Publish request, Caller caller)
    {
        var arn = request.TopicArn ?? request.TargetArn ?? throw SnsErrors.Invalid("TopicArn or TargetArn Reason: no value for required parameter");
        var message = new PublishedMessage(request.Message, request.Subject, request.MessageStructure, request.MessageAttributes);
        message.Check();
        return database.Write(_ => new Publish.Response(Send(Topic(arn, request.TopicArn is null), message, caller)));
    }

    public PublishBatch.Response PublishBatch(PublishBatch request, Caller caller)
    {
        BatchIds.Check([.. request.PublishBatchRequestEntries.Select(e => e.Id)], SnsErrors.Make);
        var messages = request.PublishBatchRequestEntries.Select(e => (e.Id, Message: new PublishedMessage(e.Message, e.Subject, e.MessageStructure, e.MessageAttributes))).ToList();
        if (messages.Sum(m => m.Message.Size) > PublishedMessage.Largest)
        {
            throw SnsErrors.Make("BatchRequestTooLong", "The length of all the messages put together is more than the limit.");
        }

        messages.ForEach(m => m.Message.Check());
        return database.Write(_ =>
        {
            var topic = Topic(request.TopicArn, isTarget: false);
            return new PublishBatch.Response([.. messages.Select(m => new PublishBatchResultEntry(m.Id, Send(topic, m.Message, caller)))], []);
        });
    }

    private StoredTopic Topic(string arn, bool isTarget) => isTarget && arn.Split(':') is [.., var resource] && resource.StartsWith("endpoint/", StringComparison.Ordinal)
        ? throw SnsErrors.Invalid("TargetArn Reason: No endpoint found for the target arn specified")
        : topics.Require(arn, isTarget ? "TargetArn" : "TopicArn");

    private string Send(StoredTopic topic, PublishedMessage message, Caller caller)
    {
        var id = Guid.NewGuid().ToString();
        var now = time.GetUtcNow();
        foreach (var subscription in subscriptions.OfTopic(topic.Arn).Where(s => s.State == SubscriptionState.Confirmed))
        {
            var text = message.For(subscription.Protocol);
            if (FilterPolicy.Takes(subscription, text, message.Attributes))
            {
                var sent = sealing.Seal(topic, text, caller);
                queue.Add(new(
                    Notification.NewId(now), NotificationType.Notification, subscription.Arn, topic.Arn, id, now, sent ?? text, message.Subject, message.Attributes, IsSealed: sent is not null));
            }
        }

        return id;
    }
}
