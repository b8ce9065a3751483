using Slipway.Aws.Wire;

namespace Slipway.Aws.Sns;

/// <summary>A subscription; its ARN is <c>PendingConfirmation</c> until it is confirmed: https://docs.aws.amazon.com/sns/latest/api/API_Subscription.html</summary>
public sealed record Subscription(string SubscriptionArn, string Owner, string Protocol, string Endpoint, string TopicArn);

/// <summary>Subscribes an endpoint to a topic: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html</summary>
public sealed record Subscribe(
    string TopicArn, string Protocol, string? Endpoint = null, IReadOnlyDictionary<string, string>? Attributes = null, bool? ReturnSubscriptionArn = null)
    : IAwsRequest<Subscribe.Response>
{
    /// <summary>The subscription's ARN, or <c>pending confirmation</c>.</summary>
    public sealed record Response(string SubscriptionArn);
}

/// <summary>Confirms a subscription with the token that its endpoint was sent: https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html</summary>
public sealed record ConfirmSubscription(string TopicArn, string Token, string? AuthenticateOnUnsubscribe = null) : IAwsRequest<ConfirmSubscription.Response>
{
    /// <summary>The subscription's ARN.</summary>
    public sealed record Response(string SubscriptionArn);
}

/// <summary>Ends a subscription; one that is not there is no error: https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html</summary>
public sealed record Unsubscribe(string SubscriptionArn) : IAwsRequest<EmptyResponse>;

/// <summary>Subscriptions, 100 to a page: https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html</summary>
public sealed record ListSubscriptions(string? NextToken = null) : IAwsRequest<ListSubscriptions.Response>
{
    /// <summary>A page of subscriptions.</summary>
    public sealed record Response(IReadOnlyList<Subscription> Subscriptions, string? NextToken = null);
}

/// <summary>The subscriptions of a topic, 100 to a page: https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html</summary>
public sealed record ListSubscriptionsByTopic(string TopicArn, string? NextToken = null) : IAwsRequest<ListSubscriptionsByTopic.Response>
{
    /// <summary>A page of subscriptions.</summary>
    public sealed record Response(IReadOnlyList<Subscription> Subscriptions, string? NextToken = null);
}

/// <summary>What a subscription is set to: https://docs.aws.amazon.com/sns/latest/api/API_GetSubscriptionAttributes.html</summary>
public sealed record GetSubscriptionAttributes(string SubscriptionArn) : IAwsRequest<GetSubscriptionAttributes.Response>
{
    /// <summary>The attributes by their names.</summary>
    public sealed record Response(IReadOnlyDictionary<string, string> Attributes);
}

/// <summary>Sets an attribute of a subscription: https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html</summary>
public sealed record SetSubscriptionAttributes(string SubscriptionArn, string AttributeName, string? AttributeValue = null) : IAwsRequest<EmptyResponse>;
