using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Slipway.Aws.Wire;

/// <summary>A REST-JSON message taken apart: what stands in the path, the query, the headers and the body.</summary>
/// <param name="Path">The path with its labels filled in and escaped; empty for a response.</param>
/// <param name="Query">Names and values of the query string.</param>
/// <param name="Headers">Headers that carry members.</param>
/// <param name="Body">The body.</param>
/// <param name="IsJson">Whether the body is JSON, and not a payload of the caller's own type.</param>
public sealed record RestMessage(
    string Path, IReadOnlyList<KeyValuePair<string, string>> Query, IReadOnlyDictionary<string, string> Headers, byte[] Body, bool IsJson);

/// <summary>The REST-JSON protocol: which member of a record travels where.</summary>
public static class RestFormat
{
    /// <summary>Takes a request or a response apart.</summary>
    public static RestMessage Write(object record, string path = "")
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(path);
        var query = new List<KeyValuePair<string, string>>();
        var headers = new Dictionary<string, string>();
        var json = JsonSerializer.SerializeToNode(record, record.GetType(), AwsJson.Lenient)!.AsObject();
        byte[]? payload = null;
        foreach (var member in Members.Of(record.GetType()))
        {
            var value = member.Property.GetValue(record);
            var label = $"{{{member.Name}}}";
            if (path.Contains(label, StringComparison.Ordinal))
            {
                path = path.Replace(label, Uri.EscapeDataString(Text(value!)), StringComparison.Ordinal);
                json.Remove(member.Name);
            }
            else if (member.Attribute<PayloadAttribute>() is not null)
            {
                payload = (byte[]?)value ?? [];
                json.Remove(member.Name);
            }
            else if (member.Attribute<HeaderAttribute>() is { } header)
            {
                json.Remove(member.Name);
                AddHeader(headers, header.Name, value);
            }
            else if (member.Attribute<QueryAttribute>() is { } named)
            {
                json.Remove(member.Name);
                query.AddRange(Texts(value).Select(v => new KeyValuePair<string, string>(named.Name, v)));
            }
        }

        var body = payload ?? (json.Count > 0 ? JsonSerializer.SerializeToUtf8Bytes(json, AwsJson.Lenient) : []);
        return new(path, query, headers, body, payload is null);
    }

    /// <summary>Puts a record together from a message's parts; the body is that of the HTTP message.</summary>
    /// <param name="record">The type to make.</param>
    /// <param name="labels">Values of the path's labels.</param>
    /// <param name="query">All values of a name of the query string.</param>
    /// <param name="header">The value of a header, or null.</param>
    /// <param name="body">The body's bytes.</param>
    /// <param name="strict">Whether what is missing or unknown is an error, as it is for a request.</param>
    public static object Read(
        Type record, IReadOnlyDictionary<string, string> labels, Func<string, IReadOnlyList<string>> query, Func<string, string?> header, byte[] body, bool strict)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(body);
        var payload = Members.Of(record).FirstOrDefault(m => m.Attribute<PayloadAttribute>() is not null);
        var json = payload is null && body.Length > 0 ? ParseBody(body) : [];
        foreach (var member in Members.Of(record))
        {
            var part = labels.TryGetValue(member.Name, out var label) ? label
                : member.Attribute<HeaderAttribute>() is { } named ? header(named.Name)
                : null;
            if (part is not null)
            {
                json[member.Name] = Scalar(part, member.Type);
            }
            else if (member.Attribute<QueryAttribute>() is { } asked && query(asked.Name) is { Count: > 0 } values)
            {
                json[member.Name] = Members.ItemOf(member.Type) is null
                    ? Scalar(values[0], member.Type)
                    : new JsonArray([.. values.Select(v => (JsonNode)v)]);
            }
        }

        if (payload is not null)
        {
            json[payload.Name] = "";
        }

        var bytes = JsonSerializer.SerializeToUtf8Bytes(json, AwsJson.Lenient);
        var made = strict ? RequestReader.Read(bytes, record) : JsonSerializer.Deserialize(bytes, record, AwsJson.Lenient)!;
        payload?.Property.SetValue(made, body);
        return made;
    }

    private static JsonObject ParseBody(byte[] body)
    {
        try
        {
            return JsonNode.Parse(body) as JsonObject ?? throw AwsErrors.Serialization("The body must be a structure.");
        }
        catch (JsonException e)
        {
            throw AwsErrors.Serialization($"The body isn't JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    private static JsonNode Scalar(string text, Type type) =>
        type == typeof(bool) && bool.TryParse(text, out var flag) ? JsonValue.Create(flag) : JsonValue.Create(text);

    private static void AddHeader(Dictionary<string, string> headers, string name, object? value)
    {
        if (value is not null)
        {
            headers[name] = Text(value);
        }
    }

    private static IEnumerable<string> Texts(object? value) => value switch
    {
        null => [],
        IEnumerable<string> texts => texts,
        _ => [Text(value)],
    };

    private static string Text(object value) => value switch
    {
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
