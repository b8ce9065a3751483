using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>Which events a rule takes: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html</summary>
internal sealed class EventPattern
{
    private const string Or = "$or";
    private readonly JsonObject _pattern;

    private EventPattern(JsonObject pattern) => _pattern = pattern;

    /// <summary>Reads a pattern of a rule and checks all of it.</summary>
    /// <exception cref="AwsException">InvalidEventPatternException, which says where it is wrong.</exception>
    public static EventPattern Parse(string text)
    {
        try
        {
            return Read(text);
        }
        catch (PatternException e)
        {
            throw new AwsException("InvalidEventPatternException", System.Net.HttpStatusCode.BadRequest, $"Event pattern is not valid. Reason: {e.Message}", inner: e);
        }
    }

    /// <summary>Reads a pattern, wherever it is from, and checks all of it.</summary>
    /// <exception cref="PatternException">Says where it is wrong.</exception>
    public static EventPattern Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            JsonText.RequireTexts(document.RootElement);
            var pattern = JsonNode.Parse(text) as JsonObject ?? throw new PatternException("Filter is not an object");
            Check(pattern, "");
            return new(pattern);
        }
        catch (JsonException e)
        {
            throw new PatternException($"failed to parse JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}", e);
        }
        catch (ArgumentException e)
        {
            throw new PatternException("a member is there twice", e);
        }
        catch (InvalidOperationException e)
        {
            throw new PatternException("it has an escape of half a surrogate pair, which is no character", e);
        }
    }

    /// <summary>Whether an event matches.</summary>
    public bool Matches(JsonObject @event) => Matches(_pattern, @event);

    private static bool Matches(JsonObject pattern, JsonObject values) => pattern.All(member =>
        member.Key == Or && member.Value is JsonArray alternatives
            ? alternatives.Any(a => Matches(a!.AsObject(), values))
            : Matches(member.Value!, values.ContainsKey(member.Key), values[member.Key]));

    private static bool Matches(JsonNode pattern, bool exists, JsonNode? value) => (pattern, value) switch
    {
        (JsonObject nested, JsonObject inner) => Matches(nested, inner),
        (JsonObject nested, JsonArray items) => items.OfType<JsonObject>().Any(i => Matches(nested, i)),
        // what is not there can still meet { "exists": false } further in
        (JsonObject nested, null) when !exists => Matches(nested, []),
        (JsonObject, _) => false,
        (JsonArray conditions, JsonArray { Count: > 0 } items) => conditions.Any(c => items.Any(i => EventCondition.Meets(c, exists: true, i))),
        (JsonArray conditions, _) => conditions.Any(c => EventCondition.Meets(c, exists && value is not (JsonObject or JsonArray), value)),
        _ => false,
    };

    private static void Check(JsonObject pattern, string path)
    {
        if (pattern.Count == 0)
        {
            throw new PatternException(path.Length == 0 ? "Empty patterns are not allowed" : $"Empty objects are not allowed at {path}");
        }

        foreach (var (name, value) in pattern)
        {
            var at = path.Length == 0 ? name : $"{path}.{name}";
            if (name == Or && value is JsonArray alternatives && alternatives.All(a => a is JsonObject))
            {
                foreach (var alternative in alternatives)
                {
                    Check(alternative!.AsObject(), at);
                }
            }
            else if (value is JsonObject nested)
            {
                Check(nested, at);
            }
            else if (value is JsonArray { Count: > 0 } conditions)
            {
                foreach (var condition in conditions)
                {
                    ConditionRules.Check(condition, at);
                }
            }
            else
            {
                throw new PatternException(value is JsonArray ? $"Empty arrays are not allowed at {at}" : $"\"{at}\" must be an object or an array");
            }
        }
    }
}

/// <summary>A pattern that can't be used; the message says what is wrong with it, and where.</summary>
internal sealed class PatternException : FormatException
{
    /// <param name="why">What is wrong.</param>
    /// <param name="cause">What the reader said, or null.</param>
    public PatternException(string why, Exception? cause = null)
        : base(why, cause)
    {
    }
}
