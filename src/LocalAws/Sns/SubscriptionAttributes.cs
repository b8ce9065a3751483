using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns;

/// <summary>What a subscription can be set to: https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html</summary>
internal sealed class SubscriptionAttributes(Database database, SubscriptionTable subscriptions, TopicTable topics)
{
    /// <summary>The protocol of SQS's queues.</summary>
    public const string Sqs = "sqs";
    public const string RawMessageDelivery = "RawMessageDelivery";
    public const string FilterPolicyName = "FilterPolicy";
    public const string FilterPolicyScope = "FilterPolicyScope";
    public const string DeliveryPolicyName = "DeliveryPolicy";
    public const string MessageBody = "MessageBody";
    private const string MessageAttributes = "MessageAttributes";
    private static readonly string[] Refused = ["RedrivePolicy", "SubscriptionRoleArn", "ReplayPolicy"];

    /// <summary>What holds where nothing is set.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        [RawMessageDelivery] = "false",
        [FilterPolicyScope] = MessageAttributes,
    };

    public GetSubscriptionAttributes.Response Get(GetSubscriptionAttributes request)
    {
        var subscription = subscriptions.Require(request.SubscriptionArn);
        var all = new Dictionary<string, string>
        {
            ["SubscriptionArn"] = subscription.Arn,
            ["TopicArn"] = subscription.TopicArn,
            ["Owner"] = subscription.Owner,
            ["Protocol"] = subscription.Protocol,
            ["Endpoint"] = Masked(subscription.Endpoint),
            ["SubscriptionPrincipal"] = subscription.Principal,
            ["ConfirmationWasAuthenticated"] = subscription.ConfirmationWasAuthenticated ? "true" : "false",
            ["PendingConfirmation"] = subscription.State == SubscriptionState.Pending ? "true" : "false",
            [RawMessageDelivery] = Defaults[RawMessageDelivery],
        };
        foreach (var (name, value) in subscription.Attributes)
        {
            all[name] = value;
        }

        if (subscription[FilterPolicyName] is not null)
        {
            all.TryAdd(FilterPolicyScope, Defaults[FilterPolicyScope]);
        }

        if (IsHttp(subscription.Protocol))
        {
            all["EffectiveDeliveryPolicy"] = DeliveryPolicy.OfTopic(topics.Find(subscription.TopicArn)?[TopicAttributes.DeliveryPolicyName])
                .OfSubscription(subscription[DeliveryPolicyName]).SubscriptionJson().ToJsonString();
        }

        return new(all);
    }

    public void Set(SetSubscriptionAttributes request) => database.Write(_ =>
    {
        var subscription = subscriptions.Require(request.SubscriptionArn);
        var set = subscription.Attributes.ToDictionary();
        Put(set, request.AttributeName, request.AttributeValue ?? "", subscription.Protocol, SnsErrors.Invalid);
        CheckFilter(set, SnsErrors.Invalid);
        subscriptions.Put(subscription with { Attributes = set });
    });

    /// <summary>Checks the attributes of a new subscription.</summary>
    /// <exception cref="AwsException">InvalidParameter, or NotImplemented for what local AWS has not.</exception>
    public static IReadOnlyDictionary<string, string> CheckAll(string protocol, IReadOnlyDictionary<string, string> attributes)
    {
        var set = new Dictionary<string, string>();
        foreach (var (name, value) in attributes)
        {
            Put(set, name, value, protocol, Invalid);
        }

        CheckFilter(set, Invalid);
        return set;

        static AwsException Invalid(string why) => SnsErrors.Invalid($"Attributes Reason: {why}");
    }

    /// <summary>An endpoint as it is shown: without its password.</summary>
    public static string Masked(string endpoint) =>
        Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.UserInfo.Split(':') is [var user, _] ? endpoint.Replace(url.UserInfo + "@", user + ":****@", StringComparison.Ordinal) : endpoint;

    private static bool IsHttp(string protocol) => protocol is "http" or "https";

    private static void Put(Dictionary<string, string> set, string name, string value, string protocol, Func<string, AwsException> invalid)
    {
        if (Refused.Contains(name))
        {
            throw AwsErrors.NotImplemented($"the subscription attribute {name}");
        }

        if ((name == DeliveryPolicyName && !IsHttp(protocol)) || (name == RawMessageDelivery && !IsHttp(protocol) && protocol != Sqs))
        {
            throw invalid($"Delivery protocol [{protocol}] does not support {(name == DeliveryPolicyName ? "a delivery policy" : "raw message delivery")}.");
        }

        var isRemoved = value.Length == 0 || (name == FilterPolicyName && value.Trim() == "{}");
        switch (name)
        {
            case RawMessageDelivery when !bool.TryParse(value, out _):
                throw invalid($"{name}: Invalid value [{value}]. Must be true or false.");
            case RawMessageDelivery:
                set[name] = value.ToUpperInvariant() == "TRUE" ? "true" : "false";
                break;
            case FilterPolicyScope when value is not (MessageAttributes or MessageBody):
                throw invalid($"{name}: Invalid value [{value}]. Please use either {MessageBody} or {MessageAttributes}");
            case DeliveryPolicyName or FilterPolicyName when isRemoved:
                set.Remove(name);
                break;
            case DeliveryPolicyName:
                set[name] = DeliveryPolicy.CheckSubscription(value).ToJsonString();
                break;
            case FilterPolicyName or FilterPolicyScope:
                set[name] = value;
                break;
            default:
                throw SnsErrors.Invalid("AttributeName");
        }
    }

    private static void CheckFilter(Dictionary<string, string> set, Func<string, AwsException> invalid)
    {
        if (set.TryGetValue(FilterPolicyName, out var policy))
        {
            FilterPolicy.Check(policy, set.GetValueOrDefault(FilterPolicyScope) == MessageBody, invalid);
        }
    }
}
