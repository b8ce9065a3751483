using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Slipway.Aws.Sns;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns;

/// <summary>A message as it is published: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html</summary>
/// <param name="Message">Its text, or texts by protocol.</param>
/// <param name="Subject">Its subject, or null.</param>
/// <param name="Structure">Null, or <c>json</c> for texts by protocol.</param>
/// <param name="Attributes">Its attributes, or null.</param>
internal sealed partial record PublishedMessage(string Message, string? Subject, string? Structure, IReadOnlyDictionary<string, MessageAttributeValue>? Attributes)
{
    /// <summary>The most bytes of a message, or of the messages of a batch.</summary>
    public const int Largest = 256 << 10;

    private const int LongestSubject = 99;
    private const int LongestName = 256;
    private const string Json = "json";

    /// <summary>Its bytes: text and attributes.</summary>
    public int Size => Encoding.UTF8.GetByteCount(Message) + (Attributes ?? new Dictionary<string, MessageAttributeValue>()).Sum(a =>
        Encoding.UTF8.GetByteCount(a.Key) + Encoding.UTF8.GetByteCount(a.Value.DataType) + (a.Value.BinaryValue?.Length ?? 0) + Encoding.UTF8.GetByteCount(a.Value.StringValue ?? ""));

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
            CheckName(name);
            CheckValue(name, value);
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

    private static void CheckName(string name)
    {
        var fault = name.Length >= LongestName ? $"Length of message attribute name must be less than {LongestName} bytes."
            : name.Length == 0 ? "The message attribute name can't be empty."
            : name[0] == '.' ? "Invalid message attribute name starting with character '.' was found."
            : name[^1] == '.' ? "Invalid message attribute name ending with character '.' was found."
            : name.Contains("..", StringComparison.Ordinal) ? "Message attribute name can not have successive '.' character."
            : OutsideName().Match(name) is { Success: true } other
                ? $"Invalid non-alphanumeric character '#x{(int)other.Value[0]:X}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots."
            : null;
        if (fault is not null)
        {
            throw SnsErrors.InvalidValue(fault);
        }
    }

    private static void CheckValue(string name, MessageAttributeValue value)
    {
        if (value.DataType.Split('.')[0] is not ("String" or "Number" or "Binary") || value.DataType.EndsWith('.'))
        {
            throw SnsErrors.InvalidValue($"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        }

        var isBinary = value.DataType.StartsWith("Binary", StringComparison.Ordinal);
        if (isBinary ? value.StringValue is { Length: > 0 } : value.BinaryValue is { Length: > 0 })
        {
            throw SnsErrors.InvalidValue($"The message attribute '{name}' with type '{value.DataType}' must use field '{(isBinary ? "Binary" : "String")}'.");
        }

        if (isBinary ? value.BinaryValue is not { Length: > 0 } : value.StringValue is not { Length: > 0 })
        {
            throw SnsErrors.InvalidValue($"The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{value.DataType}'.");
        }

        if (value.DataType.StartsWith("Number", StringComparison.Ordinal) && !NumberForm().IsMatch(value.StringValue!))
        {
            throw SnsErrors.InvalidValue($"Could not cast message attribute '{name}' value to number.");
        }
    }

    [GeneratedRegex(@"[^A-Za-z0-9_.-]")]
    private static partial Regex OutsideName();

    [GeneratedRegex(@"\A[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\z")]
    private static partial Regex NumberForm();
}
