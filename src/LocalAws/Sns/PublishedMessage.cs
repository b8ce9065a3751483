using System.Text;
using System.Text.Json;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Sqs;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>A message as it is published: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html</summary>
/// <param name="Message">Its text, or texts by protocol.</param>
/// <param name="Subject">Its subject, or null.</param>
/// <param name="Structure">Null, or <c>json</c> for texts by protocol.</param>
/// <param name="Attributes">Its attributes, or null.</param>
internal sealed record PublishedMessage(string Message, string? Subject, string? Structure, IReadOnlyDictionary<string, MessageAttributeValue>? Attributes)
{
    /// <summary>The most bytes of a message, or of the messages of a batch.</summary>
    public const int Largest = 256 << 10;

    private const int LongestSubject = 99;
    private const string Json = "json";

    /// <summary>Its bytes: text and attributes.</summary>
    public int Size => Encoding.UTF8.GetByteCount(Message) + (Attributes ?? new Dictionary<string, MessageAttributeValue>()).Sum(a =>
        MessageAttributeRules.Size(a.Key, a.Value.DataType, a.Value.StringValue, a.Value.BinaryValue));

    /// <summary>Checks it.</summary>
    /// <exception cref="AwsException">InvalidParameter or ParameterValueInvalid.</exception>
    public void Check()
    {
        if (Subject is not null && (Subject.Length is 0 or > LongestSubject || Subject.Any(char.IsControl)))
        {
            throw SnsErrors.Invalid("Subject");
        }

        if (Message.Length == 0)
        {
            throw SnsErrors.Invalid("Empty message");
        }

        foreach (var (name, value) in Attributes ?? new Dictionary<string, MessageAttributeValue>())
        {
            MessageAttributeRules.Check(name, value.DataType, value.StringValue, value.BinaryValue, SnsErrors.InvalidValue);
        }

        if (Size > Largest)
        {
            throw SnsErrors.Invalid("Message too long");
        }

        if (Structure is not (null or "" or Json))
        {
            throw SnsErrors.Invalid($"MessageStructure Reason: it must be {Json}, or absent");
        }

        if (Structure == Json && (Texts() is not { ValueKind: JsonValueKind.Object } texts || Text(texts, "default") is null))
        {
            throw SnsErrors.Invalid("Message Structure - No default entry in JSON message body");
        }
    }

    /// <summary>The text for a protocol.</summary>
    public string For(string protocol) => Structure == Json && Texts() is var texts ? Text(texts, protocol) ?? Text(texts, "default")! : Message;

    private JsonElement Texts() => JsonText.Read(Message, _ => SnsErrors.Invalid("Message Structure - JSON message body failed to parse"));

    private static string? Text(JsonElement texts, string protocol) =>
        texts.TryGetProperty(protocol, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
