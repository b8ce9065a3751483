using System.Text;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>
/// What SQS, and SNS like it, take as a message's attribute:
/// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
/// </summary>
internal static partial class MessageAttributeRules
{
    private const int LongestName = 256;

    /// <summary>The bytes of an attribute, which count as the message's.</summary>
    public static int Size(string name, string dataType, string? text, byte[]? bytes) =>
        Encoding.UTF8.GetByteCount(name) + Encoding.UTF8.GetByteCount(dataType) + Encoding.UTF8.GetByteCount(text ?? "") + (bytes?.Length ?? 0);

    /// <summary>Checks an attribute.</summary>
    /// <exception cref="AwsException">What <paramref name="invalid"/> makes of what is wrong.</exception>
    public static void Check(string name, string dataType, string? text, byte[]? bytes, Func<string, AwsException> invalid)
    {
        CheckName(name, invalid);
        CheckValue(name, dataType, text, bytes, invalid);
    }

    private static void CheckName(string name, Func<string, AwsException> invalid)
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
            throw invalid(fault);
        }
    }

    private static void CheckValue(string name, string dataType, string? text, byte[]? bytes, Func<string, AwsException> invalid)
    {
        if (dataType.Split('.')[0] is not ("String" or "Number" or "Binary") || dataType.EndsWith('.'))
        {
            throw invalid($"The message attribute '{name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.");
        }

        var isBinary = dataType.StartsWith("Binary", StringComparison.Ordinal);
        if (isBinary ? text is { Length: > 0 } : bytes is { Length: > 0 })
        {
            throw invalid($"The message attribute '{name}' with type '{dataType}' must use field '{(isBinary ? "Binary" : "String")}'.");
        }

        if (isBinary ? bytes is not { Length: > 0 } : text is not { Length: > 0 })
        {
            throw invalid($"The message attribute '{name}' must contain non-empty message attribute value for message attribute type '{dataType}'.");
        }

        if (dataType.StartsWith("Number", StringComparison.Ordinal) && !NumberForm().IsMatch(text!))
        {
            throw invalid($"Could not cast message attribute '{name}' value to number.");
        }
    }

    [GeneratedRegex(@"[^A-Za-z0-9_.-]")]
    private static partial Regex OutsideName();

    [GeneratedRegex(@"\A[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\z")]
    private static partial Regex NumberForm();
}
