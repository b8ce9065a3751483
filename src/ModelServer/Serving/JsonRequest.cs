using System.Text.Json;
using Slipway.Workflow.DataSets;

namespace Slipway.ModelServer.Serving;

/// <summary>
/// Reads rows from JSON: an object is a row of raw values by name, an array of numbers a row of the model's inputs in
/// order. A body is one of them, an array of them, or <c>{"instances": […]}</c>; in JSON Lines each line is one.
/// </summary>
internal static class JsonRequest
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 8 };

    /// <summary>Reads all rows of a JSON body.</summary>
    /// <exception cref="InvocationException">400: it is not JSON, or not rows that the model takes.</exception>
    public static void Read(Encoder encoder, ReadOnlyMemory<byte> body, RequestRows rows)
    {
        using var document = Parse(body, "The body");
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty("instances", out var instances))
        {
            if (instances.ValueKind != JsonValueKind.Array || root.GetPropertyCount() > 1)
            {
                throw new InvocationException(400, "'instances' must be an array of rows, and the only member.");
            }
            root = instances;
        }
        else if (root.ValueKind == JsonValueKind.Object || IsInputs(root))
        {
            AddRow(encoder, root, rows, 0);
            return;
        }
        if (root.ValueKind != JsonValueKind.Array || root.GetArrayLength() == 0)
        {
            throw new InvocationException(400, "The body must be an object, an array that is not empty, or {\"instances\": […]} with at least one row.");
        }
        foreach (var row in root.EnumerateArray())
        {
            AddRow(encoder, row, rows, 0);
        }
    }

    /// <summary>Reads all rows of a JSON Lines body.</summary>
    /// <exception cref="InvocationException">400: a line is not JSON, or not a row that the model takes.</exception>
    public static void ReadLines(Encoder encoder, ReadOnlyMemory<byte> body, RequestRows rows)
    {
        for (var line = 1; !body.IsEmpty; line++)
        {
            var end = body.Span.IndexOf((byte)'\n');
            var content = end < 0 ? body : body[..end];
            body = end < 0 ? default : body[(end + 1)..];
            if (content.Span.IndexOfAnyExcept(" \t\r"u8) >= 0)
            {
                using var document = Parse(content, $"Line {line}");
                AddRow(encoder, document.RootElement, rows, line);
            }
        }
        if (rows.Count == 0)
        {
            throw new InvocationException(400, "The body is empty; send at least one row.");
        }
    }

    private static bool IsInputs(JsonElement element) => element.ValueKind == JsonValueKind.Array && element.GetArrayLength() > 0
        && element[0].ValueKind is not (JsonValueKind.Array or JsonValueKind.Object);

    private static void AddRow(Encoder encoder, JsonElement element, RequestRows rows, int line)
    {
        var row = rows.Add();
        try
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    encoder.Encode(element, row);
                    break;
                case JsonValueKind.Array:
                    Inputs(encoder, element, row);
                    break;
                default:
                    throw new EncodingException("", Text(element), "must be an object of raw values by name, or an array of the model's inputs.");
            }
        }
        catch (EncodingException e)
        {
            throw rows.Refuse(line, e);
        }
        catch (InvalidOperationException e)
        {
            // A text with half a surrogate pair is valid JSON and no text.
            throw new InvocationException(400, $"Row {rows.Count}: a text is not valid Unicode.", e);
        }
    }

    private static void Inputs(Encoder encoder, JsonElement element, Span<float> row)
    {
        encoder.CheckCount(element.GetArrayLength());
        var i = 0;
        foreach (var value in element.EnumerateArray())
        {
            row[i] = value.ValueKind switch
            {
                JsonValueKind.Number => (float)value.GetDouble(),
                JsonValueKind.Null => encoder.ParseInput(i, ""),
                _ => throw new EncodingException(encoder.InputNames[i], Text(value), "must be a number or null."),
            };
            i++;
        }
        encoder.Check(row);
    }

    private static string Text(JsonElement element) => element.GetRawText();

    private static JsonDocument Parse(ReadOnlyMemory<byte> text, string what)
    {
        try
        {
            return JsonDocument.Parse(text, Options);
        }
        catch (JsonException e)
        {
            throw new InvocationException(400, $"{what} is not JSON: {e.Message}", e);
        }
    }
}
