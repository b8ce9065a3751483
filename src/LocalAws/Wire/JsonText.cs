using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Wire;

/// <summary>JSON that a request carries as a text of its own, such as a policy.</summary>
internal static class JsonText
{
    /// <summary>Reads it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="invalid">Makes the service's error of what is wrong, which is said as <c>isn't JSON: line 1, byte 2.</c></param>
    /// <exception cref="AwsException">What <paramref name="invalid"/> makes.</exception>
    public static JsonElement Read(string text, Func<string, AwsException> invalid)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            RequireTexts(document.RootElement);
            return document.RootElement.Clone();
        }
        catch (InvalidOperationException)
        {
            throw invalid("has an escape of half a surrogate pair, which is no character.");
        }
        catch (JsonException e)
        {
            throw invalid($"isn't JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}.");
        }
    }

    /// <summary>Checks that it is a policy: an object with statements.</summary>
    /// <exception cref="AwsException">What <paramref name="invalid"/> makes.</exception>
    public static void CheckPolicy(string text, Func<string, AwsException> invalid)
    {
        if (Read(text, invalid) is not { ValueKind: JsonValueKind.Object } policy || !policy.TryGetProperty("Statement", out _))
        {
            throw invalid("must be a JSON object with a Statement.");
        }
    }

    /// <summary>Reads each text of some JSON: one with half a surrogate pair is valid JSON and no text.</summary>
    /// <exception cref="InvalidOperationException">There is such a one.</exception>
    public static void RequireTexts(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    RequireTexts(member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    RequireTexts(item);
                }

                break;
            case JsonValueKind.String:
                _ = value.GetString();
                break;
        }
    }
}
