using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns;

/// <summary>Where a subscription stands.</summary>
internal enum SubscriptionState
{
    /// <summary>Its endpoint has not confirmed it yet.</summary>
    Pending,

    /// <summary>It gets messages.</summary>
    Confirmed,

    /// <summary>Somebody who did not sign has ended it; its endpoint can take that back.</summary>
    Deactivated,
}

/// <summary>A subscription as it is kept.</summary>
/// <param name="Arn">Its ARN: that of its topic and an id.</param>
/// <param name="TopicArn">Its topic.</param>
/// <param name="Protocol">How it is sent: http, https, email or email-json.</param>
/// <param name="Endpoint">Where to.</param>
/// <param name="Owner">The account.</param>
/// <param name="Principal">The ARN of who subscribed.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Attributes">What was set, by AWS's names.</param>
/// <param name="Token">What confirms it, sent to its endpoint alone.</param>
/// <param name="TokenExpires">Until when the token is good, and the subscription waits for it.</param>
/// <param name="ConfirmationWasAuthenticated">Whether whoever confirmed it had signed.</param>
/// <param name="AuthenticateOnUnsubscribe">Whether whoever ends it must sign.</param>
internal sealed record StoredSubscription(
    string Arn, string TopicArn, string Protocol, string Endpoint, string Owner, string Principal, SubscriptionState State, IReadOnlyDictionary<string, string> Attributes,
    string Token, DateTimeOffset TokenExpires, bool ConfirmationWasAuthenticated = false, bool AuthenticateOnUnsubscribe = false)
{
    /// <summary>An attribute that was set, or null.</summary>
    public string? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>Whether the message is sent as it is, without its envelope.</summary>
    public bool IsRaw => this[SubscriptionAttributes.RawMessageDelivery] == "true";
}

/// <summary>The subscriptions.</summary>
internal sealed class SubscriptionTable(Database database, TopicTable topics)
{
    private readonly Table<StoredSubscription> _subscriptions = new(database, "sns-subscription", s => s.Arn);

    public List<StoredSubscription> All() => _subscriptions.All();

    public List<StoredSubscription> OfTopic(string topicArn) => [.. _subscriptions.All().Where(s => s.TopicArn == topicArn)];

    public StoredSubscription? Find(string arn) => _subscriptions.Find(arn);

    /// <summary>A subscription by its ARN.</summary>
    /// <exception cref="AwsException">InvalidParameter for what is no ARN, NotFound for what is no subscription.</exception>
    public StoredSubscription Require(string arn)
    {
        TopicTable.CheckArn(arn, "SubscriptionArn");
        return Find(arn) is { State: not SubscriptionState.Deactivated } found ? found : throw SnsErrors.NotFound("Subscription");
    }

    public void Put(StoredSubscription subscription) => _subscriptions.Put(subscription);

    /// <summary>Ends a subscription, and counts it as deleted.</summary>
    public void Delete(StoredSubscription subscription) => database.Write(_ =>
    {
        _subscriptions.Delete(subscription.Arn);
        if (topics.Find(subscription.TopicArn) is { } topic)
        {
            topics.Update(topic with { SubscriptionsDeleted = topic.SubscriptionsDeleted + 1 });
        }
    });

    /// <summary>Forgets all subscriptions of a topic that goes.</summary>
    public void DeleteAll(string topicArn) => database.Write(_ => OfTopic(topicArn).ForEach(s => _subscriptions.Delete(s.Arn)));

    /// <summary>Forgets the subscriptions that nobody has confirmed in time; gives the time at which the next one is to be forgotten, or null.</summary>
    public DateTimeOffset? RemoveExpired(DateTimeOffset now)
    {
        var next = NextExpiry();
        if (next is null || next > now)
        {
            return next;
        }

        database.Write(_ => All().Where(s => s.State != SubscriptionState.Confirmed && s.TokenExpires <= now).ToList().ForEach(s => _subscriptions.Delete(s.Arn)));
        return NextExpiry();
    }

    private DateTimeOffset? NextExpiry() => All().Where(s => s.State != SubscriptionState.Confirmed).Min(s => (DateTimeOffset?)s.TokenExpires);
}
