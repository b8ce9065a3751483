using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// One of the values in an array of an event pattern: a value itself, or an object with one comparison:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
/// </summary>
internal static class EventCondition
{
    private const string IgnoreCase = "equals-ignore-case";

    /// <summary>Whether a value, which may be absent, meets a condition that has been checked.</summary>
    public static bool Meets(JsonNode? condition, bool exists, JsonNode? value)
    {
        if (condition is not JsonObject comparison)
        {
            return exists && JsonNode.DeepEquals(condition, value);
        }

        var (name, argument) = comparison.First();
        return name == "exists" ? exists == argument!.GetValue<bool>() : exists && Compare(name, argument!, value);
    }

    /// <summary>Checks a condition.</summary>
    /// <exception cref="AwsException">InvalidEventPatternException.</exception>
    public static void Check(JsonNode? condition, string at)
    {
        if (condition is JsonArray)
        {
            throw EventPattern.Invalid($"{at} has an array in its array");
        }

        if (condition is not JsonObject comparison)
        {
            return;
        }

        if (comparison.Count != 1)
        {
            throw EventPattern.Invalid($"a comparison at {at} needs exactly one member");
        }

        var (name, argument) = comparison.First();
        if (!IsValid(name, argument))
        {
            throw EventPattern.Invalid(
                name is "exists" or "prefix" or "suffix" or "anything-but" or "numeric" or IgnoreCase or "wildcard" or "cidr"
                    ? $"{at}: {name} can't have the value {argument?.ToJsonString() ?? "null"}"
                    : $"Unrecognized match type {name} at {at}");
        }
    }

    private static bool Compare(string name, JsonNode argument, JsonNode? value) => name switch
    {
        "anything-but" => AnythingBut(argument, value),
        "numeric" => Number(value) is { } number && argument.AsArray().Chunk(2).All(c => Numeric(c[0]!.GetValue<string>(), number, Number(c[1])!.Value)),
        _ => Text(value) is { } text && Compares(name, argument, text),
    };

    private static bool Compares(string name, JsonNode argument, string text) => (name, argument) switch
    {
        ("prefix", JsonObject o) => text.StartsWith(Text(o[IgnoreCase])!, StringComparison.OrdinalIgnoreCase),
        ("suffix", JsonObject o) => text.EndsWith(Text(o[IgnoreCase])!, StringComparison.OrdinalIgnoreCase),
        ("prefix", _) => text.StartsWith(Text(argument)!, StringComparison.Ordinal),
        ("suffix", _) => text.EndsWith(Text(argument)!, StringComparison.Ordinal),
        (IgnoreCase, _) => string.Equals(text, Text(argument), StringComparison.OrdinalIgnoreCase),
        ("wildcard", _) => Regex.IsMatch(text, @"\A" + Regex.Escape(Text(argument)!).Replace(@"\*", ".*", StringComparison.Ordinal) + @"\z", RegexOptions.Singleline | RegexOptions.NonBacktracking),
        ("cidr", _) => IPAddress.TryParse(text, out var address) && IPNetwork.Parse(Text(argument)!).Contains(address),
        _ => throw new InvalidOperationException($"the comparison {name} was not checked"),
    };

    private static bool AnythingBut(JsonNode argument, JsonNode? value) => argument switch
    {
        JsonObject comparison => Text(value) is not { } text || !Values(comparison.First().Value!).Any(v => Compares(comparison.First().Key, v!, text)),
        _ => !Values(argument).Any(v => JsonNode.DeepEquals(v, value)),
    };

    private static bool Numeric(string sign, decimal number, decimal bound) => sign switch
    {
        "=" => number == bound,
        "<" => number < bound,
        "<=" => number <= bound,
        ">" => number > bound,
        _ => number >= bound,
    };

    private static bool IsValid(string name, JsonNode? argument) => name switch
    {
        "exists" => argument?.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        "prefix" or "suffix" => Text(argument) is not null || (argument is JsonObject { Count: 1 } o && Text(o[IgnoreCase]) is not null),
        IgnoreCase or "wildcard" => Text(argument) is not null,
        "cidr" => Text(argument) is { } text && IPNetwork.TryParse(text, out _),
        "numeric" => argument is JsonArray { Count: 2 or 4 } bounds
            && bounds.Chunk(2).All(b => Text(b[0]) is "=" or "<" or "<=" or ">" or ">=" && Number(b[1]) is not null),
        "anything-but" => argument switch
        {
            JsonObject { Count: 1 } o => o.First() is { Key: "prefix" or "suffix" or IgnoreCase or "wildcard", Value: { } inner }
                && Values(inner) is { Count: > 0 } values && values.All(v => Text(v) is not null),
            JsonArray { Count: > 0 } values => values.All(v => v is JsonValue),
            JsonValue => true,
            _ => false,
        },
        _ => false,
    };

    private static IReadOnlyList<JsonNode?> Values(JsonNode argument) => argument is JsonArray many ? [.. many] : [argument];

    private static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    private static decimal? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<decimal>(out var number) ? number : null;
}
