using System.Collections;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;

namespace Slipway.Aws.Wire;

/// <summary>The query protocol's two shapes: a form of dotted names for input, XML for output.</summary>
public static class QueryFormat
{
    /// <summary>Turns a form into the JSON of a request of the given type, so that one reader checks both protocols.</summary>
    public static JsonObject ToJson(IReadOnlyDictionary<string, string> form, Type request) =>
        ReadRecord(form, request, "") ?? [];

    /// <summary>Writes the members of a response as XML elements.</summary>
    public static void Write(XmlWriter xml, object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        foreach (var member in Members.Of(record.GetType()))
        {
            if (member.Property.GetValue(record) is { } value)
            {
                WriteValue(xml, member.Name, value);
            }
        }
    }

    /// <summary>Writes the members of a request as form fields.</summary>
    public static IEnumerable<KeyValuePair<string, string>> ToForm(object record, string prefix = "")
    {
        ArgumentNullException.ThrowIfNull(record);
        return Members.Of(record.GetType())
            .Where(m => m.Property.GetValue(record) is not null)
            .SelectMany(m => Fields(prefix + m.Name, m.Property.GetValue(record)!));
    }

    private static IEnumerable<KeyValuePair<string, string>> Fields(string name, object value)
    {
        if (value is string || (!Members.IsRecord(value.GetType()) && value is not IEnumerable))
        {
            return [new(name, Text(value))];
        }

        return value is IEnumerable list
            ? list.Cast<object>().SelectMany((item, i) => Fields($"{name}.member.{i + 1}", item))
            : ToForm(value, name + ".");
    }

    private static JsonObject? ReadRecord(IReadOnlyDictionary<string, string> form, Type type, string prefix)
    {
        if (!form.Keys.Any(k => k.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return null;
        }

        var json = new JsonObject();
        foreach (var member in Members.Of(type))
        {
            if (ReadValue(form, member.Type, prefix + member.Name) is { } value)
            {
                json[member.Name] = value;
            }
        }

        var known = Members.Of(type).Select(m => m.Name).ToHashSet();
        foreach (var key in form.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)))
        {
            var name = key[prefix.Length..].Split('.')[0];
            if (!known.Contains(name) && !(prefix.Length == 0 && name is "Action" or "Version"))
            {
                json[name] = form[key];
            }
        }

        return json;
    }

    private static JsonNode? ReadValue(IReadOnlyDictionary<string, string> form, Type type, string name)
    {
        if (Members.ItemOf(type) is { } item)
        {
            var items = new JsonArray();
            for (var i = 1; ReadValue(form, item, $"{name}.member.{i}") is { } value; i++)
            {
                items.Add(value);
            }

            return items.Count > 0 ? items : null;
        }

        if (Members.IsRecord(type))
        {
            return ReadRecord(form, type, name + ".");
        }

        return form.TryGetValue(name, out var text) ? Scalar(text, type) : null;
    }

    private static JsonNode Scalar(string text, Type type) =>
        type == typeof(bool) && bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : JsonValue.Create(text);

    private static void WriteValue(XmlWriter xml, string name, object value)
    {
        xml.WriteStartElement(name);
        if (value is not string && value is IEnumerable list)
        {
            foreach (var item in list)
            {
                WriteValue(xml, "member", item);
            }
        }
        else if (Members.IsRecord(value.GetType()))
        {
            Write(xml, value);
        }
        else
        {
            xml.WriteString(Text(value));
        }

        xml.WriteEndElement();
    }

    private static string Text(object value) => value switch
    {
        DateTimeOffset time => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
