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
            return document.RootElement.Clone();
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
}
