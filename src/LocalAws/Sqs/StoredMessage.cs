using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>A message as it was sent, and is kept.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Body">Its text; sealed where <paramref name="IsSealed"/> says so.</param>
/// <param name="Sender">The id of who sent it.</param>
/// <param name="Attributes">The sender's attributes, or null.</param>
/// <param name="TraceHeader">The system's attribute AWSTraceHeader, or null.</param>
/// <param name="GroupId">The group that it was sent with, or null.</param>
/// <param name="Source">The ARN of the queue that it came from, for one in a dead-letter queue.</param>
/// <param name="IsSealed">Whether the queue's KMS key encrypts the body.</param>
internal sealed partial record StoredMessage(
    string Id, string Body, string Sender, IReadOnlyDictionary<string, MessageAttributeValue>? Attributes = null, string? TraceHeader = null, string? GroupId = null,
    string? Source = null, bool IsSealed = false)
{
    private const int MostAttributes = 10;
    private const byte OfText = 1;
    private const byte OfBytes = 2;

    /// <summary>Its bytes: body and attributes.</summary>
    public int Size => Encoding.UTF8.GetByteCount(Body)
        + (Attributes ?? new Dictionary<string, MessageAttributeValue>()).Sum(a => MessageAttributeRules.Size(a.Key, a.Value.DataType, a.Value.StringValue, a.Value.BinaryValue));

    /// <summary>Checks it.</summary>
    /// <param name="largest">The queue's greatest size.</param>
    /// <exception cref="AwsException">MissingRequiredParameterException, InvalidMessageContents or InvalidParameterValueException.</exception>
    public void Check(int largest)
    {
        if (Body.Length == 0)
        {
            throw SqsErrors.Missing("MessageBody");
        }

        if (Outside().IsMatch(Body))
        {
            throw SqsErrors.Make("InvalidMessageContents", "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
        }

        if (Attributes?.Count > MostAttributes)
        {
            throw SqsErrors.Invalid($"Number of message attributes [{Attributes.Count}] exceeds the allowed maximum [{MostAttributes}].");
        }

        foreach (var (name, value) in Attributes ?? new Dictionary<string, MessageAttributeValue>())
        {
            MessageAttributeRules.Check(name, value.DataType, value.StringValue, value.BinaryValue, SqsErrors.Invalid);
        }

        if (Size > largest)
        {
            throw SqsErrors.Invalid($"One or more parameters are invalid. Reason: Message must be shorter than {largest} bytes.");
        }
    }

    /// <summary>The MD5 of a text's UTF-8, in hexadecimal digits.</summary>
    public static string Md5(string text) => Hex(Encoding.UTF8.GetBytes(text));

    /// <summary>The MD5 of attributes, as https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation says; null where there are none.</summary>
    public static string? Md5(IReadOnlyDictionary<string, MessageAttributeValue>? attributes)
    {
        if (attributes is null or { Count: 0 })
        {
            return null;
        }

        using var content = new MemoryStream();
        foreach (var (name, value) in attributes.OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            Write(content, Encoding.UTF8.GetBytes(name));
            Write(content, Encoding.UTF8.GetBytes(value.DataType));
            content.WriteByte(value.BinaryValue is null ? OfText : OfBytes);
            Write(content, value.BinaryValue ?? Encoding.UTF8.GetBytes(value.StringValue!));
        }

        return Hex(content.ToArray());
    }

    private static void Write(MemoryStream content, byte[] bytes)
    {
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        content.Write(length);
        content.Write(bytes);
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(MD5.HashData(content));

    [GeneratedRegex(@"[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]")]
    private static partial Regex Outside();
}
