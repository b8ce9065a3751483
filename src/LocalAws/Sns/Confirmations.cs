using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Slipway.Aws.Sns;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>How an endpoint says that it wants what a topic sends: https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.confirm.html</summary>
internal sealed partial class Confirmations(Database database, TopicTable topics, SubscriptionTable subscriptions, NotificationQueue queue, TimeProvider time)
{
    private const int TokenBytes = 64;
    private static readonly TimeSpan TokenLife = TimeSpan.FromDays(2);

    public ConfirmSubscription.Response Confirm(ConfirmSubscription request, Caller caller)
    {
        TopicTable.CheckArn(request.TopicArn, "TopicArn");
        var authenticates = request.AuthenticateOnUnsubscribe switch
        {
            null or "" or "false" => false,
            "true" => true,
            var other => throw SnsErrors.Invalid($"AuthenticateOnUnsubscribe Reason: {other} must be true or false"),
        };
        if (authenticates && caller.AccessKeyId.Length == 0)
        {
            throw SnsErrors.NotAuthorized("AuthenticateOnUnsubscribe needs a signed request.");
        }

        if (!TokenForm().IsMatch(request.Token))
        {
            throw SnsErrors.InvalidToken();
        }

        return database.Write(_ =>
        {
            var subscription = subscriptions.All().Find(s => s.Token == request.Token && (s.State == SubscriptionState.Confirmed || s.TokenExpires > time.GetUtcNow()))
                ?? throw SnsErrors.Invalid("Token");
            if (subscription.TopicArn != request.TopicArn)
            {
                throw SnsErrors.Invalid("Topic");
            }

            if (subscription.State != SubscriptionState.Confirmed)
            {
                subscriptions.Put(subscription with
                {
                    State = SubscriptionState.Confirmed, ConfirmationWasAuthenticated = caller.AccessKeyId.Length > 0, AuthenticateOnUnsubscribe = authenticates,
                });
            }

            return new ConfirmSubscription.Response(subscription.Arn);
        });
    }

    /// <summary>A new subscription that waits to be confirmed; that of a queue does not, as whoever may subscribe owns the queue too. Call it in a transaction.</summary>
    /// <param name="topic">Its topic.</param>
    /// <param name="protocol">How it is sent.</param>
    /// <param name="endpoint">Where to.</param>
    /// <param name="attributes">What it is set to.</param>
    /// <param name="arn">The ARN of the subscription that it takes the place of, or null.</param>
    /// <param name="caller">Who subscribes.</param>
    public StoredSubscription New(StoredTopic topic, string protocol, string endpoint, IReadOnlyDictionary<string, string> attributes, string? arn, Caller caller)
    {
        var isQueue = protocol == SubscriptionAttributes.Sqs;
        var subscription = new StoredSubscription(
            arn ?? $"{topic.Arn}:{Guid.NewGuid()}", topic.Arn, protocol, endpoint, caller.AccountId, caller.Identity.Arn,
            isQueue ? SubscriptionState.Confirmed : SubscriptionState.Pending, attributes, NewToken(), time.GetUtcNow() + TokenLife, ConfirmationWasAuthenticated: isQueue);
        subscriptions.Put(subscription);
        return subscription;
    }

    /// <summary>Asks an endpoint to confirm. Call it in the transaction that keeps the subscription.</summary>
    public void Ask(StoredTopic topic, StoredSubscription subscription) => queue.Add(Notification.Of(
        topic, subscription, NotificationType.SubscriptionConfirmation, time.GetUtcNow(),
        $"You have chosen to subscribe to the topic {topic.Arn}.\nTo confirm the subscription, visit the SubscribeURL included in this message."));

    /// <summary>Ends a subscription for somebody who did not sign, and tells its endpoint how to take that back. Call it in a transaction.</summary>
    public void Deactivate(StoredSubscription subscription)
    {
        var ended = subscription with { State = SubscriptionState.Deactivated, Token = NewToken(), TokenExpires = time.GetUtcNow() + TokenLife };
        subscriptions.Put(ended);
        if (topics.Find(subscription.TopicArn) is { } topic)
        {
            queue.Add(Notification.Of(
                topic, ended, NotificationType.UnsubscribeConfirmation, time.GetUtcNow(),
                $"You have chosen to deactivate subscription {ended.Arn}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message."));
        }
    }

    private static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenBytes));

    [GeneratedRegex(@"\A[0-9a-f]{64,}\z")]
    private static partial Regex TokenForm();
}
