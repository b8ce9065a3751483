using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// One of the values in an array of an event pattern, checked by <see cref="ConditionRules"/>: a value itself, or an object with one comparison:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
/// </summary>
internal static class EventCondition
{
    /// <summary>The comparison that takes letters of both cases as equal.</summary>
    public const string IgnoreCase = "equals-ignore-case";

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

    /// <summary>The values of an argument that may be one value or a list.</summary>
    public static IReadOnlyList<JsonNode?> Values(JsonNode argument) => argument is JsonArray many ? [.. many] : [argument];

    /// <summary>A text, or null where it is none.</summary>
    public static string? Text(JsonNode? node) => node?.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;

    /// <summary>A number, or null where it is none.</summary>
    public static decimal? Number(JsonNode? node) => node?.GetValueKind() == JsonValueKind.Number && node.AsValue().TryGetValue<decimal>(out var number) ? number : null;
}
