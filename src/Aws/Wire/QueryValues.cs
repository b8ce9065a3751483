using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Slipway.Aws.Wire;

/// <summary>How the query protocol writes values, in forms and in XML alike.</summary>
internal static class QueryValues
{
    private static readonly EntryNamesAttribute DefaultNames = new("key", "value");

    /// <summary>What a map's keys and values are called.</summary>
    internal static EntryNamesAttribute NamesOf(Member member) => member.Attribute<EntryNamesAttribute>() ?? DefaultNames;

    /// <summary>The entries of a map; null for any other value.</summary>
    internal static IEnumerable<KeyValuePair<string, object>>? Entries(object value) => value is IDictionary map
        ? map.Keys.Cast<string>().Select(k => KeyValuePair.Create(k, map[k]!))
        : null;

    /// <summary>The items of a list; null for any other value.</summary>
    internal static IEnumerable<object>? Items(object value) => value is IEnumerable list and not string and not byte[] ? list.Cast<object>() : null;

    /// <summary>The text of a value that is neither.</summary>
    internal static string Text(object value) => value switch
    {
        byte[] bytes => Convert.ToBase64String(bytes),
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    /// <summary>The JSON of a text that stands for a value of a type.</summary>
    internal static JsonNode Scalar(string text, Type type) =>
        type == typeof(bool) && bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : JsonValue.Create(text);
}
