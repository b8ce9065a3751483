using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>How deliveries over HTTP are made and repeated: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html</summary>
/// <param name="Retries">When failed deliveries are repeated.</param>
/// <param name="ContentType">The Content-Type of notifications.</param>
/// <param name="IgnoresSubscriptions">Whether the topic's policy holds whatever a subscription says.</param>
internal sealed record DeliveryPolicy(RetryPolicy Retries, string ContentType, bool IgnoresSubscriptions)
{
    private const string Name = "DeliveryPolicy";
    /// <summary>What holds where nothing is set.</summary>
    public static readonly DeliveryPolicy Default = new(new RetryPolicy(3, 20, 20), "text/plain; charset=UTF-8", false);

    private static readonly string[] ContentTypes =
    [
        "text/css", "text/csv", "text/html", "text/plain", "text/xml", "application/atom+xml", "application/json", "application/octet-stream", "application/soap+xml",
        "application/x-www-form-urlencoded", "application/xhtml+xml", "application/xml",
    ];

    /// <summary>The policy of a topic, of which all, some or nothing is set.</summary>
    public static DeliveryPolicy OfTopic(string? text)
    {
        var http = text is null ? null : JsonNode.Parse(text)!["http"];
        return new(
            RetryPolicy.Of(http?["defaultHealthyRetryPolicy"], Default.Retries), ContentTypeOf(http?["defaultRequestPolicy"]) ?? Default.ContentType,
            (bool?)http?["disableSubscriptionOverrides"] ?? false);
    }

    /// <summary>The policy of a subscription of a topic with this policy.</summary>
    public DeliveryPolicy OfSubscription(string? text)
    {
        var own = text is null || IgnoresSubscriptions ? null : JsonNode.Parse(text);
        return this with { Retries = RetryPolicy.Of(own?["healthyRetryPolicy"], Retries), ContentType = ContentTypeOf(own?["requestPolicy"]) ?? ContentType };
    }

    /// <summary>This policy as a topic's EffectiveDeliveryPolicy.</summary>
    public JsonObject TopicJson() => new()
    {
        ["http"] = new JsonObject
        {
            ["defaultHealthyRetryPolicy"] = Retries.Json(),
            ["disableSubscriptionOverrides"] = IgnoresSubscriptions,
            ["defaultRequestPolicy"] = new JsonObject { ["headerContentType"] = ContentType },
        },
    };

    /// <summary>This policy as a subscription's EffectiveDeliveryPolicy.</summary>
    public JsonObject SubscriptionJson() => new()
    {
        ["healthyRetryPolicy"] = Retries.Json(),
        ["sicklyRetryPolicy"] = null,
        ["throttlePolicy"] = null,
        ["requestPolicy"] = new JsonObject { ["headerContentType"] = ContentType },
        ["guaranteed"] = false,
    };

    /// <summary>Checks a topic's policy.</summary>
    /// <exception cref="AwsException">InvalidParameter, or NotImplemented for a throttle.</exception>
    public static JsonObject CheckTopic(string text)
    {
        var policy = Read(text);
        RequireMembers(policy, "", "http");
        var http = policy["http"] is null ? [] : policy["http"] as JsonObject ?? throw Invalid("http must be an object");
        RequireMembers(http, "http.", "defaultHealthyRetryPolicy", "disableSubscriptionOverrides", "defaultThrottlePolicy", "defaultRequestPolicy", "defaultSicklyRetryPolicy");
        if (http["disableSubscriptionOverrides"] is { } flag && flag.GetValueKind() is not (JsonValueKind.True or JsonValueKind.False))
        {
            throw Invalid("http.disableSubscriptionOverrides must be true or false");
        }

        Check(http, "http.default", "defaultHealthyRetryPolicy", "defaultThrottlePolicy", "defaultRequestPolicy");
        return policy;
    }

    /// <summary>Checks a subscription's policy.</summary>
    /// <exception cref="AwsException">InvalidParameter, or NotImplemented for a throttle.</exception>
    public static JsonObject CheckSubscription(string text)
    {
        var policy = Read(text);
        RequireMembers(policy, "", "healthyRetryPolicy", "sicklyRetryPolicy", "throttlePolicy", "requestPolicy", "guaranteed");
        Check(policy, "", "healthyRetryPolicy", "throttlePolicy", "requestPolicy");
        return policy;
    }

    /// <summary>The error for a policy, with what is wrong with it.</summary>
    public static AwsException Invalid(string why) => SnsErrors.Invalid($"{Name}: {why}");

    /// <summary>Checks that an object of a policy has no other members.</summary>
    /// <exception cref="AwsException">InvalidParameter.</exception>
    public static void RequireMembers(JsonObject policy, string at, params string[] known)
    {
        if (policy.Select(m => m.Key).FirstOrDefault(k => !known.Contains(k)) is { } unknown)
        {
            throw Invalid($"{at}{unknown} is not known. There are {string.Join(", ", known)}");
        }
    }

    private static JsonObject Read(string text)
    {
        JsonText.Read(text, why => Invalid($"it {why}"));
        return JsonNode.Parse(text) as JsonObject ?? throw Invalid("it must be a JSON object");
    }

    private static void Check(JsonObject policy, string at, string retries, string throttle, string request)
    {
        if (policy[retries] is { } given)
        {
            RetryPolicy.Check(given as JsonObject ?? throw Invalid($"{at}{retries} must be an object"), retries);
        }

        if (policy[throttle] is not null)
        {
            throw AwsErrors.NotImplemented($"{Name}.{throttle}: local AWS does not slow deliveries down");
        }

        if (policy[request] is { } how && (ContentTypeOf(how) is not { } type || !ContentTypes.Contains(type.Split(';')[0].Trim())))
        {
            throw Invalid($"{request}.headerContentType must be one of {string.Join(", ", ContentTypes)}");
        }
    }

    private static string? ContentTypeOf(JsonNode? request) =>
        request is JsonObject o && o["headerContentType"] is { } type && type.GetValueKind() == JsonValueKind.String ? type.GetValue<string>() : null;
}
