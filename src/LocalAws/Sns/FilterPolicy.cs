using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.EventBridge;

namespace Slipway.LocalAws.Sns;

/// <summary>Which messages a subscription takes, by their attributes or by their body: https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html</summary>
internal static class FilterPolicy
{
    private const int MostKeys = 5;
    private const int MostCombinations = 150;
    private const string Or = "$or";

    /// <summary>Checks a policy.</summary>
    /// <param name="text">Its JSON.</param>
    /// <param name="ofBody">Whether it looks at the body of messages.</param>
    /// <param name="invalid">The error for what is wrong.</param>
    /// <exception cref="AwsException">What <paramref name="invalid"/> makes.</exception>
    public static void Check(string text, bool ofBody, Func<string, AwsException> invalid)
    {
        try
        {
            EventPattern.Read(text);
        }
        catch (PatternException e)
        {
            throw invalid($"FilterPolicy: {e.Message}");
        }

        var policy = JsonNode.Parse(text)!.AsObject();
        if (!ofBody && IsNested(policy))
        {
            throw SnsErrors.Invalid("Filter policy scope MessageAttributes does not support nested filter policy");
        }

        if (policy.Count > MostKeys)
        {
            throw invalid($"FilterPolicy: Filter policy can not have more than {MostKeys} keys");
        }

        if (Combinations(policy, 1) > MostCombinations)
        {
            throw invalid("FilterPolicy: Filter policy is too complex");
        }
    }

    /// <summary>Whether a subscription takes a message.</summary>
    /// <param name="subscription">The subscription.</param>
    /// <param name="message">The message, as the subscription's protocol gets it.</param>
    /// <param name="attributes">The message's attributes.</param>
    public static bool Takes(StoredSubscription subscription, string message, IReadOnlyDictionary<string, MessageAttributeValue>? attributes)
    {
        if (subscription[SubscriptionAttributes.FilterPolicyName] is not { } policy)
        {
            return true;
        }

        try
        {
            var ofBody = subscription[SubscriptionAttributes.FilterPolicyScope] == SubscriptionAttributes.MessageBody;
            var values = ofBody ? JsonNode.Parse(message) as JsonObject : Values(attributes ?? new Dictionary<string, MessageAttributeValue>());
            return values is not null && EventPattern.Read(policy).Matches(values);
        }
        catch (Exception e) when (e is JsonException or ArgumentException or InvalidOperationException)
        {
            // a body that is not JSON, has a member twice or half a character meets no policy
            return false;
        }
    }

    private static bool IsNested(JsonObject policy) => policy.Any(m => m.Value switch
    {
        JsonArray alternatives when m.Key == Or => alternatives.OfType<JsonObject>().Any(IsNested),
        _ => m.Value is JsonObject,
    });

    private static double Combinations(JsonObject policy, int depth) => policy.Aggregate(1.0, (all, member) => all * (member.Value switch
    {
        JsonArray alternatives when member.Key == Or => alternatives.OfType<JsonObject>().Sum(a => Combinations(a, depth)),
        JsonObject nested => Combinations(nested, depth + 1),
        JsonArray values => values.Count * depth,
        _ => 1,
    }));

    private static JsonObject Values(IReadOnlyDictionary<string, MessageAttributeValue> attributes)
    {
        var values = new JsonObject();
        // as in AWS, no policy sees a binary value
        foreach (var (name, value) in attributes.Where(a => a.Value.StringValue is not null))
        {
            values[name] = value.DataType.Split('.') switch
            {
                ["Number", ..] when decimal.TryParse(value.StringValue, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
                ["String", "Array"] => JsonNode.Parse(value.StringValue!),
                _ => JsonValue.Create(value.StringValue),
            };
        }

        return values;
    }
}
