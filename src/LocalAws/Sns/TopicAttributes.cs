using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Sns.Deliveries;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>What a topic can be set to: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html</summary>
internal sealed class TopicAttributes(SealedMessages sealing, SubscriptionTable subscriptions)
{
    public const string DisplayName = "DisplayName";
    public const string DeliveryPolicyName = "DeliveryPolicy";
    public const string SignatureVersion = "SignatureVersion";
    public const string KmsMasterKeyId = "KmsMasterKeyId";
    private const int LongestDisplayName = 100;
    private const string Policy = "Policy";
    private const string TracingConfig = "TracingConfig";

    // what writes the outcome of deliveries to CloudWatch Logs, and what only FIFO topics have
    private static readonly string[] Refused =
    [
        .. new[] { "HTTP", "Firehose", "Lambda", "Application", "SQS" }.SelectMany(p => new[] { $"{p}SuccessFeedbackRoleArn", $"{p}SuccessFeedbackSampleRate", $"{p}FailureFeedbackRoleArn" }),
        "ContentBasedDeduplication", "FifoThroughputScope", "ArchivePolicy",
    ];

    /// <summary>All attributes of a topic, as GetTopicAttributes gives them.</summary>
    public IReadOnlyDictionary<string, string> Of(StoredTopic topic)
    {
        var ofTopic = subscriptions.OfTopic(topic.Arn);
        var all = new Dictionary<string, string>
        {
            ["TopicArn"] = topic.Arn,
            ["Owner"] = topic.Owner,
            [DisplayName] = "",
            [Policy] = DefaultPolicy(topic),
            ["EffectiveDeliveryPolicy"] = DeliveryPolicy.OfTopic(topic[DeliveryPolicyName]).TopicJson().ToJsonString(),
            ["SubscriptionsConfirmed"] = Count(SubscriptionState.Confirmed),
            ["SubscriptionsPending"] = Count(SubscriptionState.Pending),
            ["SubscriptionsDeleted"] = topic.SubscriptionsDeleted.ToString(CultureInfo.InvariantCulture),
        };
        foreach (var (name, value) in topic.Attributes)
        {
            all[name] = value;
        }

        return all;

        string Count(SubscriptionState state) => ofTopic.Count(s => s.State == state).ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Checks the attributes of a new topic.</summary>
    /// <exception cref="AwsException">InvalidParameter, or NotImplemented for what local AWS has not.</exception>
    public IReadOnlyDictionary<string, string> CheckAll(IReadOnlyDictionary<string, string> attributes, Caller caller)
    {
        var set = new Dictionary<string, string>();
        foreach (var (name, value) in attributes.Where(a => a is not { Key: "FifoTopic", Value: "false" } && a.Value.Length > 0))
        {
            if (!IsKnown(name))
            {
                throw SnsErrors.Invalid($"Attributes Reason: Unknown attribute {name}");
            }

            set[name] = Check(name, value, caller);
        }

        return set;
    }

    /// <summary>Checks the name of an attribute that is set or taken away.</summary>
    /// <exception cref="AwsException">InvalidParameter, or NotImplemented for what local AWS has not.</exception>
    public static void CheckName(string name)
    {
        if (Refused.Contains(name))
        {
            throw AwsErrors.NotImplemented($"the topic attribute {name}");
        }

        if (!IsKnown(name))
        {
            throw SnsErrors.Invalid("AttributeName");
        }
    }

    /// <summary>Checks an attribute and gives it as it is kept.</summary>
    /// <exception cref="AwsException">InvalidParameter, or NotImplemented for what local AWS has not.</exception>
    public string Check(string name, string value, Caller caller)
    {
        CheckName(name);
        switch (name)
        {
            case DisplayName when value.Length > LongestDisplayName || value.Any(char.IsControl):
                throw SnsErrors.Invalid($"{DisplayName} Reason: it has at most {LongestDisplayName} characters, and no control characters");
            case SignatureVersion when value is not ("1" or "2"):
                throw SnsErrors.Invalid($"{SignatureVersion} Reason: it must be 1 or 2");
            case TracingConfig when value == "Active":
                throw AwsErrors.NotImplemented("the topic attribute TracingConfig with Active: there is no X-Ray");
            case TracingConfig when value != "PassThrough":
                throw SnsErrors.Invalid($"{TracingConfig} Reason: it must be PassThrough or Active");
            case Policy:
                JsonText.CheckPolicy(value, why => SnsErrors.Invalid($"{Policy} Error: the policy {why}"));
                break;
            case DeliveryPolicyName:
                return DeliveryPolicy.CheckTopic(value).ToJsonString();
            case KmsMasterKeyId:
                sealing.RequireKey(value, caller);
                break;
        }

        return value;
    }

    private static bool IsKnown(string name) =>
        name is DisplayName or DeliveryPolicyName or SignatureVersion or KmsMasterKeyId or Policy or TracingConfig || Refused.Contains(name);

    private static string DefaultPolicy(StoredTopic topic) => new JsonObject
    {
        ["Version"] = "2008-10-17",
        ["Id"] = "__default_policy_ID",
        ["Statement"] = new JsonArray(new JsonObject
        {
            ["Sid"] = "__default_statement_ID",
            ["Effect"] = "Allow",
            ["Principal"] = new JsonObject { ["AWS"] = "*" },
            ["Action"] = new JsonArray([.. new[] { "GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic", "Subscribe", "ListSubscriptionsByTopic", "Publish" }
                .Select(a => (JsonNode)$"SNS:{a}")]),
            ["Resource"] = topic.Arn,
            ["Condition"] = new JsonObject { ["StringEquals"] = new JsonObject { ["AWS:SourceOwner"] = topic.Owner } },
        }),
    }.ToJsonString();
}
