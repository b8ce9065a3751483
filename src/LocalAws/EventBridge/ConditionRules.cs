using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.LocalAws.EventBridge;

/// <summary>What a condition of a pattern may be. EventBridge and SNS say what is wrong in the same words.</summary>
internal static class ConditionRules
{
    /// <summary>Checks a condition.</summary>
    /// <exception cref="PatternException">It is none.</exception>
    public static void Check(JsonNode? condition, string at)
    {
        if (condition is JsonArray)
        {
            throw new PatternException($"Match value must be String, number, true, false, or null at {at}");
        }

        if (condition is not JsonObject comparison)
        {
            return;
        }

        if (comparison.Count != 1)
        {
            throw new PatternException($"Only one key allowed in match expression at {at}");
        }

        var (name, argument) = comparison.First();
        if (Fault(name, argument) is { } fault)
        {
            throw new PatternException($"{fault} at {at}");
        }
    }

    private static string? Fault(string name, JsonNode? argument) => name switch
    {
        "exists" => argument?.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? null : "exists match pattern must be either true or false.",
        "prefix" or "suffix" when argument is JsonObject { Count: 1 } o && o.ContainsKey(EventCondition.IgnoreCase) => OfText(EventCondition.IgnoreCase, o[EventCondition.IgnoreCase]),
        "prefix" or "suffix" or EventCondition.IgnoreCase or "wildcard" => OfText(name, argument),
        "cidr" => EventCondition.Text(argument) is { } text ? OfCidr(text) : "cidr match pattern must be a string",
        "numeric" => argument is JsonArray terms ? OfNumeric([.. terms]) : "Value of numeric must be an array.",
        "anything-but" => OfAnythingBut(argument),
        _ => $"Unrecognized match type {name}",
    };

    private static string? OfText(string name, JsonNode? argument) => EventCondition.Text(argument) is null ? $"{name} match pattern must be a string" : null;

    private static string? OfCidr(string text)
    {
        if (text.Split('/') is not [var address, var bits])
        {
            return "Malformed CIDR, one '/' required";
        }

        return !IPAddress.TryParse(address, out _) ? $"Nonstandard IP address: {address}"
            : !int.TryParse(bits, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "Malformed CIDR, mask bits must be an integer"
            : IPNetwork.TryParse(text, out _) ? null : $"Malformed CIDR: {text}";
    }

    private static string? OfAnythingBut(JsonNode? argument) => argument switch
    {
        JsonObject { Count: 1 } o when o.First() is { Key: "prefix" or "suffix" or EventCondition.IgnoreCase or "wildcard" } inner =>
            inner.Value is JsonArray { Count: 0 } ? "Empty arrays are not allowed"
            : inner.Value is null ? OfText(inner.Key, null)
            : EventCondition.Values(inner.Value).Select(v => OfText(inner.Key, v)).FirstOrDefault(f => f is not null),
        JsonObject { Count: 1 } o => $"Unsupported anything-but pattern: {o.First().Key}",
        JsonArray { Count: > 0 } values when values.All(v => v is JsonValue) => null,
        JsonValue => null,
        _ => "anything-but takes a text, a number, a list of them, or one comparison",
    };

    /// <summary>An operator and a number, or the two ends of a range, the lower one first.</summary>
    private static string? OfNumeric(IReadOnlyList<JsonNode?> terms)
    {
        if (terms.Count == 0 || EventCondition.Text(terms[0]) is not { } first)
        {
            return $"Invalid member in numeric match: {(terms.Count == 0 ? "]" : terms[0]?.ToJsonString() ?? "null")}";
        }

        if (first is not ("=" or "<" or "<=" or ">" or ">="))
        {
            return $"Unrecognized numeric range operator: {first}";
        }

        if (Bound(terms, 1) is not { } bottom)
        {
            return $"Value of {(first == "=" ? "equals" : first)} must be numeric";
        }

        return terms.Count == 2 ? null : first is ">" or ">=" ? OfRange(terms, bottom) : "Too many elements in numeric expression";
    }

    private static string? OfRange(IReadOnlyList<JsonNode?> terms, decimal bottom)
    {
        if (EventCondition.Text(terms[2]) is not { } second)
        {
            return $"Bad value in numeric range: {terms[2]?.ToJsonString() ?? "null"}";
        }

        return second is not ("<" or "<=") ? $"Bad numeric range operator: {second}"
            : Bound(terms, 3) is not { } top ? $"Value of {second} must be numeric"
            : bottom >= top ? "Bottom must be less than top"
            : terms.Count > 4 ? "Too many terms in numeric range expression" : null;
    }

    private static decimal? Bound(IReadOnlyList<JsonNode?> terms, int at) => at < terms.Count ? EventCondition.Number(terms[at]) : null;
}
