using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// What a target is handed: the event, a part of it, fixed JSON, or a template with values of the event:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
/// </summary>
internal static partial class TargetInput
{
    /// <summary>Checks what a target says of its input.</summary>
    /// <exception cref="AwsException">ValidationException.</exception>
    public static void Check(Target target)
    {
        if (new object?[] { target.Input, target.InputPath, target.InputTransformer }.Count(i => i is not null) > 1)
        {
            throw AwsErrors.Validation($"Only one of Input, InputPath, or InputTransformer must be provided for target {target.Id}.");
        }

        if (target.Input is { } fixedInput && !IsJson(fixedInput))
        {
            throw AwsErrors.Validation($"JSON syntax error in input for target {target.Id}: {fixedInput}");
        }

        foreach (var path in (target.InputTransformer?.InputPathsMap?.Values ?? []).Append(target.InputPath ?? "$"))
        {
            if (!PathForm().IsMatch(path))
            {
                throw AwsErrors.Validation($"Invalid InputPath {path} for target {target.Id}: write $ and the members after it, such as $.detail.state.");
            }
        }

        foreach (Match used in Placeholder().Matches(target.InputTransformer?.InputTemplate ?? ""))
        {
            if (!used.Groups[1].Value.StartsWith("aws.events.", StringComparison.Ordinal) && target.InputTransformer!.InputPathsMap?.ContainsKey(used.Groups[1].Value) != true)
            {
                throw AwsErrors.Validation($"InputTemplate for target {target.Id} contains invalid placeholder {used.Groups[1].Value}.");
            }
        }
    }

    /// <summary>The text that a target is handed for an event.</summary>
    /// <param name="target">The target.</param>
    /// <param name="rule">The rule's name and ARN, which templates can name.</param>
    /// <param name="event">The event.</param>
    public static string Of(Target target, (string Name, string Arn) rule, JsonObject @event)
    {
        if (target.Input is { } fixedInput)
        {
            return fixedInput;
        }

        if (target.InputTransformer is { } transformer)
        {
            return Fill(transformer, rule, @event);
        }

        return (target.InputPath is { } path ? Find(@event, path) : @event)?.ToJsonString(AwsJson.Lenient) ?? "null";
    }

    private static string Fill(InputTransformer transformer, (string Name, string Arn) rule, JsonObject @event) =>
        Placeholder().Replace(transformer.InputTemplate, used =>
        {
            var text = transformer.InputTemplate;
            var isQuoted = InString(text, used.Index);
            var value = Value(used.Groups[1].Value, transformer, rule, @event);
            var json = value?.ToJsonString(AwsJson.Lenient) ?? "";
            // a string loses its quotation marks where the template has some around it
            return isQuoted && value?.GetValueKind() == System.Text.Json.JsonValueKind.String ? json[1..^1] : isQuoted ? json.Replace("\"", "\\\"", StringComparison.Ordinal) : json;
        });

    private static JsonNode? Value(string name, InputTransformer transformer, (string Name, string Arn) rule, JsonObject @event) => name switch
    {
        "aws.events.rule-arn" => rule.Arn,
        "aws.events.rule-name" => rule.Name,
        "aws.events.event.json" or "aws.events.event" => @event,
        "aws.events.event.ingestion-time" => @event["time"],
        _ => transformer.InputPathsMap is { } paths && paths.TryGetValue(name, out var path) ? Find(@event, path) : null,
    };

    private static bool InString(string template, int position)
    {
        var quotes = 0;
        for (var i = 0; i < position; i++)
        {
            if (template[i] == '\\')
            {
                i++;
            }
            else if (template[i] == '"')
            {
                quotes++;
            }
        }

        return quotes % 2 == 1;
    }

    private static JsonNode? Find(JsonNode? node, string path)
    {
        foreach (Match step in PathStep().Matches(path))
        {
            node = (node, step.Groups[1].Success ? step.Groups[1].Value : step.Groups[2].Value, step.Groups[3]) switch
            {
                (JsonArray items, _, { Success: true } index) => int.Parse(index.ValueSpan, System.Globalization.CultureInfo.InvariantCulture) is var i && i < items.Count ? items[i] : null,
                (JsonObject members, var name, { Success: false }) => members[name],
                _ => null,
            };
        }

        return node;
    }

    private static bool IsJson(string text)
    {
        try
        {
            using var document = System.Text.Json.JsonDocument.Parse(text);
            return true;
        }
        catch (System.Text.Json.JsonException)
        {
            return false;
        }
    }

    [GeneratedRegex("<([^<>\" ]+)>")]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\.([\w-]+)|\['([^']+)'\]|\[(\d{1,6})\]")]
    private static partial Regex PathStep();

    [GeneratedRegex(@"\A\$(\.[\w-]+|\['[^']+'\]|\[\d{1,6}\])*\z")]
    private static partial Regex PathForm();
}
