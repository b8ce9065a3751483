using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>
/// A path to a value inside JSON, as property references and Std:JsonGet write it: <c>A.B['c'][0].D</c>. A quoted key
/// finds a member of a map, and in a list the item whose name it is, as in <c>Outputs['train']</c>.
/// </summary>
internal sealed partial class ValuePath
{
    private readonly List<Part> _parts;

    private ValuePath(string text, List<Part> parts) => (Text, _parts) = (text, parts);

    /// <summary>The path as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads a path, or null where it is none; a leading <c>$</c> stands for the whole.</summary>
    public static ValuePath? Parse(string text)
    {
        var rest = text.StartsWith('$') ? text[1..] : text;
        var parts = new List<Part>();
        var at = 0;
        while (at < rest.Length)
        {
            var match = PartPattern().Match(rest, at);
            // a dot stands between two members, and may follow a leading $
            if (!match.Success || (match.Groups["dot"].Length > 0 && at == 0 && rest.Length == text.Length)
                || (match.Groups["name"].Success && match.Groups["dot"].Length == 0 && at > 0))
            {
                return null;
            }

            parts.Add(match.Groups["index"].Success
                ? new(null, int.Parse(match.Groups["index"].ValueSpan))
                : new((match.Groups["name"].Success ? match.Groups["name"] : match.Groups["key"]).Value, null));
            at += match.Length;
        }

        return parts.Count > 0 ? new(text, parts) : null;
    }

    /// <summary>The value that the path leads to, or null where there is none.</summary>
    public JsonElement? Find(JsonElement root)
    {
        JsonElement? value = root;
        foreach (var part in _parts)
        {
            value = value is { } current ? Step(current, part) : null;
        }

        return value;
    }

    /// <summary>The type that the path leads to inside a record of the wire, or null where the record has no such member.</summary>
    public Type? TypeIn(Type record)
    {
        Type? type = record;
        foreach (var part in _parts)
        {
            type = type is null ? null : Step(type, part);
        }

        return type;
    }

    private static JsonElement? Step(JsonElement value, Part part)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            return part.Key is { } key && value.TryGetProperty(key, out var member) ? member : null;
        }

        if (value.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        if (part.Index is { } index)
        {
            return index < value.GetArrayLength() ? value[index] : null;
        }

        return value.EnumerateArray().Where(item => IsNamed(item, part.Key!)).Select(item => (JsonElement?)item).FirstOrDefault();
    }

    private static bool IsNamed(JsonElement item, string name) => item.ValueKind == JsonValueKind.Object && item.EnumerateObject()
        .Any(m => m.Name.EndsWith("Name", StringComparison.Ordinal) && m.Value.ValueKind == JsonValueKind.String && m.Value.GetString() == name);

    private static Type? Step(Type type, Part part)
    {
        if (Members.ItemOf(type) is { } item)
        {
            return item;
        }

        if (Members.ValueOf(type) is { } value)
        {
            return part.Key is null ? null : value;
        }

        return Members.IsRecord(type) ? Members.Of(type).FirstOrDefault(m => m.Name == part.Key)?.Type : null;
    }

    [GeneratedRegex("""\G(?:(?<dot>\.?)(?<name>[^.\[\]'"*?@()$\s]+)|\[(?<index>\d{1,9})\]|\['(?<key>[^']+)'\]|\["(?<key>[^"]+)"\])""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex PartPattern();

    private sealed record Part(string? Key, int? Index);
}
