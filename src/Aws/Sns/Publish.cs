using Slipway.Aws.Wire;

namespace Slipway.Aws.Sns;

/// <summary>A message's attribute: <c>String</c>, <c>String.Array</c>, <c>Number</c> or <c>Binary</c>: https://docs.aws.amazon.com/sns/latest/api/API_MessageAttributeValue.html</summary>
public sealed record MessageAttributeValue(string DataType, string? StringValue = null, byte[]? BinaryValue = null);

/// <summary>
/// Sends a message to a topic's subscriptions: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html. With the
/// MessageStructure <c>json</c> the message is a JSON object of texts by protocol, with <c>default</c>.
/// </summary>
public sealed record Publish(
    string Message,
    string? TopicArn = null,
    string? TargetArn = null,
    string? Subject = null,
    string? MessageStructure = null,
    [EntryNames("Name", "Value")] IReadOnlyDictionary<string, MessageAttributeValue>? MessageAttributes = null) : IAwsRequest<Publish.Response>
{
    /// <summary>The message's id.</summary>
    public sealed record Response(string MessageId);
}

/// <summary>A message of a batch: https://docs.aws.amazon.com/sns/latest/api/API_PublishBatchRequestEntry.html</summary>
public sealed record PublishBatchRequestEntry(
    string Id,
    string Message,
    string? Subject = null,
    string? MessageStructure = null,
    [EntryNames("Name", "Value")] IReadOnlyDictionary<string, MessageAttributeValue>? MessageAttributes = null);

/// <summary>A message of a batch that was taken.</summary>
public sealed record PublishBatchResultEntry(string Id, string MessageId);

/// <summary>A message of a batch that was not taken, and why.</summary>
public sealed record BatchResultErrorEntry(string Id, string Code, bool SenderFault, string? Message = null);

/// <summary>Sends up to ten messages to a topic: https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html</summary>
public sealed record PublishBatch(string TopicArn, IReadOnlyList<PublishBatchRequestEntry> PublishBatchRequestEntries) : IAwsRequest<PublishBatch.Response>
{
    /// <summary>What was taken and what was not.</summary>
    public sealed record Response(IReadOnlyList<PublishBatchResultEntry> Successful, IReadOnlyList<BatchResultErrorEntry> Failed);
}
