using System.Globalization;
using Slipway.Aws.Sqs;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sqs;

/// <summary>What a queue can be set to: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html</summary>
internal sealed class QueueAttributes(Database database, QueueTable queues, MessageTable messages, SealedBodies sealing, TimeProvider time)
{
    public const string DelaySeconds = "DelaySeconds";
    public const string KmsMasterKeyId = "KmsMasterKeyId";
    public const string MaximumMessageSize = "MaximumMessageSize";
    public const string MessageRetentionPeriod = "MessageRetentionPeriod";
    public const string ReceiveMessageWaitTimeSeconds = "ReceiveMessageWaitTimeSeconds";
    public const string RedriveAllowPolicy = "RedriveAllowPolicy";
    public const string RedrivePolicy = "RedrivePolicy";
    public const string VisibilityTimeout = "VisibilityTimeout";
    private const string All = "All";
    private const string KmsDataKeyReusePeriodSeconds = "KmsDataKeyReusePeriodSeconds";
    private const string Policy = "Policy";
    private const string SqsManagedSseEnabled = "SqsManagedSseEnabled";

    /// <summary>The least and the greatest value of each attribute that is a number.</summary>
    private static readonly Dictionary<string, (int Least, int Most)> Ranges = new()
    {
        [DelaySeconds] = (0, 900),
        [KmsDataKeyReusePeriodSeconds] = (60, 86400),
        [MaximumMessageSize] = (1 << 10, 1 << 20),
        [MessageRetentionPeriod] = (60, 1209600),
        [ReceiveMessageWaitTimeSeconds] = (0, 20),
        [VisibilityTimeout] = (0, 43200),
    };

    private static readonly string[] Texts = [KmsMasterKeyId, Policy, RedriveAllowPolicy, RedrivePolicy, SqsManagedSseEnabled];
    private static readonly string[] OfFifo = ["FifoQueue", "ContentBasedDeduplication", "DeduplicationScope", "FifoThroughputLimit"];

    private static readonly string[] Told =
    [
        "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesDelayed", "ApproximateNumberOfMessagesNotVisible", "CreatedTimestamp", "LastModifiedTimestamp", "QueueArn",
    ];

    /// <summary>What holds where nothing is set.</summary>
    public static IReadOnlyDictionary<string, string> Defaults { get; } = new Dictionary<string, string>
    {
        [DelaySeconds] = "0",
        [MaximumMessageSize] = "1048576",
        [MessageRetentionPeriod] = "345600",
        [ReceiveMessageWaitTimeSeconds] = "0",
        [SqsManagedSseEnabled] = "true",
        [VisibilityTimeout] = "30",
    };

    public GetQueueAttributes.Response Get(GetQueueAttributes request)
    {
        var queue = queues.Require(request.QueueUrl);
        var names = request.AttributeNames ?? [];
        if (names.FirstOrDefault(n => n != All && !IsSet(n) && !Told.Contains(n) && !OfFifo.Contains(n)) is { } unknown)
        {
            throw SqsErrors.UnknownAttribute(unknown);
        }

        var asked = Of(queue).Where(a => names.Contains(All) || names.Contains(a.Key)).ToDictionary();
        return new(asked.Count > 0 ? asked : null);
    }

    public void Set(SetQueueAttributes request, Caller caller) => database.Write(_ =>
    {
        var queue = queues.Require(request.QueueUrl);
        var set = queue.Attributes.ToDictionary();
        foreach (var (name, value) in request.Attributes)
        {
            if (Check(name, value, queue.Arn, caller))
            {
                set[name] = value;
            }
            else
            {
                set.Remove(name);
            }
        }

        CheckEncryption(set);
        queues.Update(queue with { Attributes = set, Modified = time.GetUtcNow() });
    });

    /// <summary>Checks the attributes of a new queue, and gives those that are set.</summary>
    /// <exception cref="AwsException">InvalidAttributeName, InvalidAttributeValue, or NotImplemented for what local AWS has not.</exception>
    public IReadOnlyDictionary<string, string> CheckAll(IReadOnlyDictionary<string, string> attributes, string arn, Caller caller)
    {
        var set = attributes.Where(a => a is not { Key: "FifoQueue", Value: "false" } && Check(a.Key, a.Value, arn, caller)).ToDictionary();
        CheckEncryption(set);
        return set;
    }

    /// <summary>Checks an attribute; false where its value takes it away.</summary>
    private bool Check(string name, string value, string arn, Caller caller)
    {
        if (OfFifo.Contains(name))
        {
            throw SqsErrors.NoFifo($"the queue attribute {name}");
        }

        if (!IsSet(name))
        {
            throw SqsErrors.UnknownAttribute(name);
        }

        if (value.Length == 0 && Texts.Contains(name))
        {
            return false;
        }

        switch (name)
        {
            case Policy:
                JsonText.CheckPolicy(value, why => SqsErrors.InvalidAttribute($"Invalid value for the parameter {Policy}: the policy {why}"));
                break;
            case RedrivePolicy:
                Redrive.Check(value, arn, queues);
                break;
            case RedriveAllowPolicy:
                Redrive.CheckAllow(value);
                break;
            case KmsMasterKeyId:
                sealing.RequireKey(value, caller);
                break;
            case SqsManagedSseEnabled when value is not ("true" or "false"):
                throw SqsErrors.InvalidAttribute($"Invalid value for the parameter {name}.");
            default:
                CheckNumber(name, value);
                break;
        }

        return true;
    }

    private static void CheckNumber(string name, string value)
    {
        if (Ranges.TryGetValue(name, out var range)
            && !(int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= range.Least && number <= range.Most))
        {
            throw SqsErrors.InvalidAttribute($"Invalid value for the parameter {name}. Reason: Must be an integer from {range.Least} to {range.Most}.");
        }
    }

    private static void CheckEncryption(Dictionary<string, string> set)
    {
        if (set.ContainsKey(KmsMasterKeyId) && set.GetValueOrDefault(SqsManagedSseEnabled) == "true")
        {
            throw SqsErrors.InvalidAttribute("You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.");
        }
    }

    private static bool IsSet(string name) => Ranges.ContainsKey(name) || Texts.Contains(name);

    /// <summary>All attributes of a queue.</summary>
    private Dictionary<string, string> Of(StoredQueue queue)
    {
        var counts = messages.Count(queue);
        var all = Defaults.ToDictionary();
        foreach (var (name, value) in queue.Attributes)
        {
            all[name] = value;
        }

        if (queue[KmsMasterKeyId] is not null)
        {
            all[SqsManagedSseEnabled] = "false";
            all.TryAdd(KmsDataKeyReusePeriodSeconds, "300");
        }

        all["ApproximateNumberOfMessages"] = Text(counts.Visible);
        all["ApproximateNumberOfMessagesDelayed"] = Text(counts.Delayed);
        all["ApproximateNumberOfMessagesNotVisible"] = Text(counts.InFlight);
        all["CreatedTimestamp"] = Text(queue.Created.ToUnixTimeSeconds());
        all["LastModifiedTimestamp"] = Text(queue.Modified.ToUnixTimeSeconds());
        all["QueueArn"] = queue.Arn;
        return all;
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
