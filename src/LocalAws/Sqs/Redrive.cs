using System.Globalization;
using System.Text.Json;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>Where a queue's messages go that nobody deletes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html</summary>
/// <param name="Target">The ARN of the dead-letter queue.</param>
/// <param name="MaxReceiveCount">How often a message is received before it goes there, 1 to 1,000.</param>
internal sealed record Redrive(string Target, int MaxReceiveCount)
{
    private const int MostReceives = 1000;
    private const int MostSources = 10;

    /// <summary>A queue's policy, or null.</summary>
    public static Redrive? Of(StoredQueue queue) => queue[QueueAttributes.RedrivePolicy] is { } text ? Read(text) : null;

    /// <summary>Checks a queue's policy, and that its target takes the queue's messages.</summary>
    /// <param name="text">The policy.</param>
    /// <param name="source">The queue's ARN.</param>
    /// <param name="queues">The queues.</param>
    /// <exception cref="AwsException">InvalidAttributeValue or InvalidParameterValueException.</exception>
    public static void Check(string text, string source, QueueTable queues)
    {
        var target = queues.Find(Read(text).Target) ?? throw SqsErrors.InvalidValue(QueueAttributes.RedrivePolicy, text, "Dead letter target does not exist.");
        if (target[QueueAttributes.RedriveAllowPolicy] is { } allow && !Allows(JsonText.Read(allow, SqsErrors.InvalidAttribute), source))
        {
            throw SqsErrors.InvalidValue(QueueAttributes.RedrivePolicy, text, "Dead letter target's RedriveAllowPolicy does not allow this queue.");
        }
    }

    /// <summary>Checks which queues may name one as their dead-letter queue.</summary>
    /// <exception cref="AwsException">InvalidAttributeValue.</exception>
    public static void CheckAllow(string text)
    {
        var policy = JsonText.Read(text, why => SqsErrors.InvalidAttribute($"{QueueAttributes.RedriveAllowPolicy} {why}"));
        var permission = policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("redrivePermission", out var given) ? given.ToString() : "";
        var sources = policy.ValueKind == JsonValueKind.Object && policy.TryGetProperty("sourceQueueArns", out var listed) ? listed : default;
        var isValid = permission switch
        {
            "byQueue" => sources.ValueKind == JsonValueKind.Array && sources.GetArrayLength() is > 0 and <= MostSources && sources.EnumerateArray().All(s => s.ValueKind == JsonValueKind.String),
            "allowAll" or "denyAll" => sources.ValueKind == JsonValueKind.Undefined,
            _ => false,
        };
        if (!isValid)
        {
            throw SqsErrors.InvalidValue(
                QueueAttributes.RedriveAllowPolicy, text, $"redrivePermission must be allowAll, denyAll, or byQueue with 1 to {MostSources} ARNs in sourceQueueArns.");
        }
    }

    private static bool Allows(JsonElement policy, string source) => policy.GetProperty("redrivePermission").GetString() switch
    {
        "denyAll" => false,
        "byQueue" => policy.GetProperty("sourceQueueArns").EnumerateArray().Any(s => s.GetString() == source),
        _ => true,
    };

    private static Redrive Read(string text)
    {
        var policy = JsonText.Read(text, why => SqsErrors.InvalidAttribute($"{QueueAttributes.RedrivePolicy} {why}"));
        return policy.ValueKind == JsonValueKind.Object
            && policy.TryGetProperty("deadLetterTargetArn", out var target) && target.ValueKind == JsonValueKind.String
            // clients write the number as a text too
            && policy.TryGetProperty("maxReceiveCount", out var count) && int.TryParse(count.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var most) && most is >= 1 and <= MostReceives
            ? new(target.GetString()!, most)
            : throw SqsErrors.InvalidValue(QueueAttributes.RedrivePolicy, text, $"it must have deadLetterTargetArn, and maxReceiveCount from 1 to {MostReceives}.");
    }
}
