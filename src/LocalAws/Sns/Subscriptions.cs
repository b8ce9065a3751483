using System.Net;
using System.Text.RegularExpressions;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>Subscriptions: https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html</summary>
internal sealed partial class Subscriptions(Database database, TopicTable topics, SubscriptionTable subscriptions, Confirmations confirmations)
{
    private const int PageSize = 100;
    private const int PartsOfTopicArn = 6;

    public Subscribe.Response Subscribe(Subscribe request, Caller caller)
    {
        TopicTable.CheckArn(request.TopicArn, "TopicArn");
        CheckEndpoint(request.Protocol, request.Endpoint);
        var attributes = SubscriptionAttributes.CheckAll(request.Protocol, request.Attributes ?? new Dictionary<string, string>());
        return database.Write(_ =>
        {
            var topic = topics.Require(request.TopicArn);
            var there = subscriptions.OfTopic(topic.Arn).FirstOrDefault(s => s.Protocol == request.Protocol && s.Endpoint == request.Endpoint);
            var subscription = there is { State: not SubscriptionState.Deactivated }
                ? Same(there, attributes)
                : confirmations.New(topic, request.Protocol, request.Endpoint!, attributes, there?.Arn, caller);
            if (subscription.State == SubscriptionState.Confirmed)
            {
                return new Subscribe.Response(subscription.Arn);
            }

            confirmations.Ask(topic, subscription);
            return new Subscribe.Response(request.ReturnSubscriptionArn == true ? subscription.Arn : "pending confirmation");
        });
    }

    public void Unsubscribe(Unsubscribe request, Caller caller)
    {
        if (request.SubscriptionArn.Length == 0)
        {
            throw SnsErrors.Invalid("SubscriptionArn Reason: no value for required parameter");
        }

        TopicTable.CheckArn(request.SubscriptionArn, "SubscriptionArn");
        if (request.SubscriptionArn.Split(':').Length == PartsOfTopicArn)
        {
            throw SnsErrors.Invalid("SubscriptionId");
        }

        database.Write(_ =>
        {
            if (subscriptions.Find(request.SubscriptionArn) is not { State: not SubscriptionState.Deactivated } subscription)
            {
                return;
            }

            if (caller.AccessKeyId.Length > 0)
            {
                subscriptions.Delete(subscription);
            }
            else if (subscription.AuthenticateOnUnsubscribe)
            {
                throw SnsErrors.NotAuthorized("This subscription was confirmed with AuthenticateOnUnsubscribe: sign the request to end it.");
            }
            else
            {
                confirmations.Deactivate(subscription);
            }
        });
    }

    public ListSubscriptions.Response List(ListSubscriptions request)
    {
        var page = PageOf(subscriptions.All(), request.NextToken);
        return new(page.Items, page.NextToken);
    }

    public ListSubscriptionsByTopic.Response ListByTopic(ListSubscriptionsByTopic request)
    {
        var page = PageOf(subscriptions.OfTopic(topics.Require(request.TopicArn).Arn), request.NextToken);
        return new(page.Items, page.NextToken);
    }

    private static Page<Subscription> PageOf(IEnumerable<StoredSubscription> all, string? token)
    {
        var page = Page.Of(all.Where(s => s.State != SubscriptionState.Deactivated), s => s.Arn, token, PageSize, () => SnsErrors.Invalid("NextToken"));
        return new([.. page.Items.Select(Shown)], page.NextToken);
    }

    private static Subscription Shown(StoredSubscription s) =>
        new(s.State == SubscriptionState.Pending ? "PendingConfirmation" : s.Arn, s.Owner, s.Protocol, SubscriptionAttributes.Masked(s.Endpoint), s.TopicArn);

    private static StoredSubscription Same(StoredSubscription there, IReadOnlyDictionary<string, string> attributes) =>
        attributes.All(a => (there[a.Key] ?? SubscriptionAttributes.Defaults.GetValueOrDefault(a.Key)) == a.Value)
            ? there
            : throw SnsErrors.Invalid("Attributes Reason: Subscription already exists with different attributes");

    private static void CheckEndpoint(string protocol, string? endpoint)
    {
        switch (protocol)
        {
            case "http" or "https":
                CheckUrl(protocol, endpoint);
                break;
            case "email" or "email-json" when endpoint is null || !AddressForm().IsMatch(endpoint):
                throw SnsErrors.Invalid("Email address");
            case "email" or "email-json":
                break;
            case SubscriptionAttributes.Sqs when endpoint?.Split(':') is not ["arn", _, "sqs", _, _, { Length: > 0 }]:
                throw SnsErrors.Invalid("SQS endpoint ARN");
            case SubscriptionAttributes.Sqs:
                break;
            case "sms" or "application" or "lambda" or "firehose":
                throw AwsErrors.NotImplemented($"Subscribe with the protocol {protocol}: there are http, https, email, email-json and sqs");
            default:
                throw SnsErrors.Invalid($"Amazon SNS does not support this protocol string: {protocol}");
        }
    }

    private static void CheckUrl(string protocol, string? endpoint)
    {
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url) || url.Scheme != protocol)
        {
            throw SnsErrors.Invalid("Endpoint must match the specified protocol");
        }

        if (url.Host != "localhost" && !(IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address)))
        {
            throw AwsErrors.NotImplemented($"Subscribe with an endpoint on another machine ({url.Host}): local AWS sends to loopback addresses alone");
        }
    }

    [GeneratedRegex("""\A[^\s@<>"(),:;\[\\\]]{1,64}@[^\s@<>"(),:;\[\\\]]+\.[^\s@<>"(),:;\[\\\].]+\z""")]
    private static partial Regex AddressForm();
}
