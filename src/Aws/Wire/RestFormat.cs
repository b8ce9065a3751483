using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

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
    private static readonly JsonSerializerOptions Bodies = new(AwsJson.Lenient)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { LeaveOut } },
    };

    /// <summary>Takes a request or a response apart.</summary>
    public static RestMessage Write(object record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var plan = RestPlan.Of(record.GetType());
        var path = plan.Rest?.Path ?? "";
        foreach (var (member, label) in plan.Labels)
        {
            path = path.Replace(label, Uri.EscapeDataString(Text(member.Property.GetValue(record)!)), StringComparison.Ordinal);
        }

        var headers = new Dictionary<string, string>();
        foreach (var (member, name) in plan.Headers)
        {
            AddHeader(headers, name, member.Property.GetValue(record));
        }

        var query = new List<KeyValuePair<string, string>>();
        foreach (var (member, name) in plan.Query)
        {
            query.AddRange(Texts(member.Property.GetValue(record)).Select(v => new KeyValuePair<string, string>(name, v)));
        }

        var body = plan.Payload is null
            ? JsonSerializer.SerializeToUtf8Bytes(record, record.GetType(), Bodies)
            : (byte[]?)plan.Payload.Property.GetValue(record) ?? [];
        return new(path, query, headers, plan.Payload is null && body.AsSpan().SequenceEqual("{}"u8) ? [] : body, plan.Payload is null);
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
        var plan = RestPlan.Of(record);
        var json = Join(plan.Payload is null && body.Length > 0 ? Open(body) : "{"u8, Outside(plan, labels, query, header));
        try
        {
            var made = strict ? RequestReader.Read(json, record) : JsonSerializer.Deserialize(json, record, AwsJson.Lenient)!;
            plan.Payload?.Property.SetValue(made, body);
            return made;
        }
        catch (Exception e) when (plan.Payload is null && body.Length > 0 && e is JsonException or AwsException)
        {
            RequireStructure(body);
            throw;
        }
    }

    private static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> body, IEnumerable<(Member Member, object Value)> outside)
    {
        var json = new ArrayBufferWriter<byte>(body.Length + 256);
        json.Write(body);
        var isFirst = body.TrimEnd(Whitespace) is [.., (byte)'{'];
        // what stands outside comes last: of a member that is there twice, the last counts
        foreach (var (member, value) in outside)
        {
            json.Write(isFirst ? "\""u8 : ",\""u8);
            json.Write(Encoding.UTF8.GetBytes(member.Name));
            json.Write("\":"u8);
            json.Write(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), AwsJson.Lenient));
            isFirst = false;
        }

        json.Write("}"u8);
        return json.WrittenSpan;
    }

    private static ReadOnlySpan<byte> Whitespace => " \t\r\n"u8;

    /// <summary>The body without its last brace. What stands in it is left to the reader of the whole.</summary>
    private static ReadOnlySpan<byte> Open(byte[] body)
    {
        var structure = body.AsSpan().TrimEnd(Whitespace);
        if (structure.Length > 1 && structure.TrimStart(Whitespace)[0] == '{' && structure[^1] == '}')
        {
            return structure[..^1];
        }

        RequireStructure(body);
        throw new UnreachableException();
    }

    /// <summary>Throws where the body is no structure of JSON, with the place in the body as it came.</summary>
    private static void RequireStructure(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw AwsErrors.Serialization("The body must be a structure.");
            }
        }
        catch (JsonException e)
        {
            throw AwsErrors.Serialization($"The body isn't JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>The members that travel outside the body, each with a value that JSON can take.</summary>
    private static IEnumerable<(Member Member, object Value)> Outside(
        RestPlan plan, IReadOnlyDictionary<string, string> labels, Func<string, IReadOnlyList<string>> query, Func<string, string?> header)
    {
        foreach (var (member, _) in plan.Labels.Where(l => labels.ContainsKey(l.Member.Name)))
        {
            yield return (member, Scalar(labels[member.Name], member.Type));
        }

        foreach (var (member, name) in plan.Headers)
        {
            if (header(name) is { } value)
            {
                yield return (member, Scalar(value, member.Type));
            }
        }

        foreach (var (member, name) in plan.Query)
        {
            if (query(name) is { Count: > 0 } values)
            {
                yield return (member, Members.ItemOf(member.Type) is null ? Scalar(values[0], member.Type) : values);
            }
        }

        if (plan.Payload is not null)
        {
            yield return (plan.Payload, "");
        }
    }

    private static void LeaveOut(JsonTypeInfo type)
    {
        var plan = type.Kind == JsonTypeInfoKind.Object ? RestPlan.Of(type.Type) : null;
        foreach (var property in type.Properties.Where(p => plan!.IsOutside(p.Name)))
        {
            property.ShouldSerialize = static (_, _) => false;
        }
    }

    private static object Scalar(string text, Type type) => type == typeof(bool) && bool.TryParse(text, out var flag) ? flag : text;

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
