using System.Text.Json;
using System.Text.Unicode;

namespace Slipway.Aws.Wire;

/// <summary>Reads a request from JSON: a missing, unknown or malformed member is AWS's own error.</summary>
public static class RequestReader
{
    /// <summary>Reads a request of the given type and checks its limits.</summary>
    /// <exception cref="AwsException">SerializationException, ValidationException, or NotImplemented for a member that isn't known here.</exception>
    public static object Read(ReadOnlySpan<byte> json, Type request)
    {
        var service = AwsService.Of(request);
        var body = json.IsEmpty ? "{}"u8 : json;
        object value;
        try
        {
            value = JsonSerializer.Deserialize(body, request, AwsJson.ForRequests(service))!;
        }
        catch (JsonException)
        {
            throw Diagnose(body, request);
        }

        if (value is null)
        {
            throw AwsErrors.Serialization($"The body of {request.Name} must be a structure, not null.");
        }

        Limits.Check(value);
        return value;
    }

    private static AwsException Diagnose(ReadOnlySpan<byte> body, Type request)
    {
        if (!Utf8.IsValid(body))
        {
            return AwsErrors.Serialization("The body isn't UTF-8.");
        }

        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return Diagnosis.Of(document.RootElement, request);
        }
        catch (InvalidOperationException)
        {
            return AwsErrors.Serialization("The body has an escape of half a surrogate pair, which is no character.");
        }
        catch (JsonException e)
        {
            return AwsErrors.Serialization($"The body isn't JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }
}
