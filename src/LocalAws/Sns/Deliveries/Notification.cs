using Slipway.Aws.Sns;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>What an endpoint is told.</summary>
internal enum NotificationType
{
    /// <summary>A message that was published.</summary>
    Notification,

    /// <summary>That somebody subscribed it, and how to confirm that.</summary>
    SubscriptionConfirmation,

    /// <summary>That somebody ended its subscription, and how to take that back.</summary>
    UnsubscribeConfirmation,
}

/// <summary>A message on its way to one subscription.</summary>
/// <param name="Id">Its own id, the same each time it is tried.</param>
/// <param name="Type">What it is.</param>
/// <param name="SubscriptionArn">The subscription.</param>
/// <param name="TopicArn">The topic.</param>
/// <param name="MessageId">The id of the message, the same for all subscriptions.</param>
/// <param name="Timestamp">When it was published.</param>
/// <param name="Message">Its text, as the subscription's protocol gets it; sealed where <paramref name="IsSealed"/> says so.</param>
/// <param name="Subject">Its subject, or null.</param>
/// <param name="MessageAttributes">Its attributes, or null.</param>
/// <param name="Token">What confirms the subscription, in the two that ask for that.</param>
/// <param name="IsSealed">Whether the topic's KMS key encrypts the text.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record Notification(
    string Id, NotificationType Type, string SubscriptionArn, string TopicArn, string MessageId, DateTimeOffset Timestamp, string Message,
    string? Subject = null, IReadOnlyDictionary<string, MessageAttributeValue>? MessageAttributes = null, string? Token = null, bool IsSealed = false, int Attempts = 0)
{
    /// <summary>Whether it goes to a subscription as it is, without its envelope.</summary>
    public bool IsRawFor(StoredSubscription subscription) => Type == NotificationType.Notification && subscription.IsRaw;

    /// <summary>A message that SNS itself writes to an endpoint, with the token of its subscription.</summary>
    public static Notification Of(StoredTopic topic, StoredSubscription subscription, NotificationType type, DateTimeOffset now, string message) =>
        new(NewId(now), type, subscription.Arn, topic.Arn, Guid.NewGuid().ToString(), now, message, Token: subscription.Token);

    /// <summary>A new id; later ones are greater.</summary>
    public static string NewId(DateTimeOffset now) => Guid.CreateVersion7(now).ToString();
}
