using Slipway.Aws.Wire;

namespace Slipway.Aws.Sqs;

/// <summary>A message's attribute, <c>String</c>, <c>Number</c> or <c>Binary</c>: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_MessageAttributeValue.html</summary>
public sealed record MessageAttributeValue(string DataType, string? StringValue = null, byte[]? BinaryValue = null);

/// <summary>A message as it is received: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_Message.html</summary>
/// <param name="MessageId">Its id.</param>
/// <param name="ReceiptHandle">What this receipt of it is deleted by.</param>
/// <param name="MD5OfBody">The MD5 of the body's UTF-8, in hexadecimal digits.</param>
/// <param name="Body">Its text.</param>
/// <param name="Attributes">The system's attributes that were asked for.</param>
/// <param name="MD5OfMessageAttributes">The MD5 of the attributes that are given.</param>
/// <param name="MessageAttributes">The sender's attributes that were asked for.</param>
public sealed record Message(
    string MessageId, string ReceiptHandle, string MD5OfBody, string Body,
    IReadOnlyDictionary<string, string>? Attributes = null, string? MD5OfMessageAttributes = null,
    IReadOnlyDictionary<string, MessageAttributeValue>? MessageAttributes = null);

/// <summary>Sends a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html</summary>
public sealed record SendMessage(
    string QueueUrl,
    string MessageBody,
    int? DelaySeconds = null,
    IReadOnlyDictionary<string, MessageAttributeValue>? MessageAttributes = null,
    IReadOnlyDictionary<string, MessageAttributeValue>? MessageSystemAttributes = null,
    string? MessageDeduplicationId = null,
    string? MessageGroupId = null) : IAwsRequest<SendMessage.Response>
{
    /// <summary>The message's id, and the MD5 of what was taken.</summary>
    public sealed record Response(
        string MessageId, string MD5OfMessageBody,
        string? MD5OfMessageAttributes = null,
        string? MD5OfMessageSystemAttributes = null);
}

/// <summary>A message of a batch: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatchRequestEntry.html</summary>
public sealed record SendMessageBatchRequestEntry(
    string Id,
    string MessageBody,
    int? DelaySeconds = null,
    IReadOnlyDictionary<string, MessageAttributeValue>? MessageAttributes = null,
    IReadOnlyDictionary<string, MessageAttributeValue>? MessageSystemAttributes = null,
    string? MessageDeduplicationId = null,
    string? MessageGroupId = null);

/// <summary>A message of a batch that was taken.</summary>
public sealed record SendMessageBatchResultEntry(
    string Id, string MessageId, string MD5OfMessageBody,
    string? MD5OfMessageAttributes = null,
    string? MD5OfMessageSystemAttributes = null);

/// <summary>An entry of a batch that failed, and why.</summary>
public sealed record BatchResultErrorEntry(string Id, bool SenderFault, string Code, string? Message = null);

/// <summary>Sends up to ten messages: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html</summary>
public sealed record SendMessageBatch(string QueueUrl, IReadOnlyList<SendMessageBatchRequestEntry> Entries) : IAwsRequest<SendMessageBatch.Response>
{
    /// <summary>What was taken and what was not.</summary>
    public sealed record Response(IReadOnlyList<SendMessageBatchResultEntry> Successful, IReadOnlyList<BatchResultErrorEntry> Failed);
}

/// <summary>Receives up to ten messages, and waits for the first where there is none: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html</summary>
/// <param name="QueueUrl">The queue.</param>
/// <param name="AttributeNames">The former name of <paramref name="MessageSystemAttributeNames"/>.</param>
/// <param name="MessageSystemAttributeNames">The system's attributes to give, or <c>All</c>.</param>
/// <param name="MessageAttributeNames">The sender's attributes to give: names, starts of names as <c>a.*</c>, or <c>All</c>.</param>
/// <param name="MaxNumberOfMessages">1 to 10; 1 where absent.</param>
/// <param name="VisibilityTimeout">For how many seconds nobody else receives them; the queue's where absent.</param>
/// <param name="WaitTimeSeconds">How long to wait for a message, up to 20; the queue's where absent.</param>
/// <param name="ReceiveRequestAttemptId">For FIFO queues alone.</param>
public sealed record ReceiveMessage(
    string QueueUrl,
    IReadOnlyList<string>? AttributeNames = null,
    IReadOnlyList<string>? MessageSystemAttributeNames = null,
    IReadOnlyList<string>? MessageAttributeNames = null,
    int? MaxNumberOfMessages = null,
    int? VisibilityTimeout = null,
    int? WaitTimeSeconds = null,
    string? ReceiveRequestAttemptId = null) : IAwsRequest<ReceiveMessage.Response>
{
    /// <summary>The messages; absent where there are none.</summary>
    public sealed record Response(IReadOnlyList<Message>? Messages);
}

/// <summary>Deletes a message that was received: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html</summary>
public sealed record DeleteMessage(string QueueUrl, string ReceiptHandle) : IAwsRequest<EmptyResponse>;

/// <summary>A message to delete.</summary>
public sealed record DeleteMessageBatchRequestEntry(string Id, string ReceiptHandle);

/// <summary>A message that was deleted.</summary>
public sealed record DeleteMessageBatchResultEntry(string Id);

/// <summary>Deletes up to ten messages: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessageBatch.html</summary>
public sealed record DeleteMessageBatch(string QueueUrl, IReadOnlyList<DeleteMessageBatchRequestEntry> Entries) : IAwsRequest<DeleteMessageBatch.Response>
{
    /// <summary>What was deleted and what was not.</summary>
    public sealed record Response(IReadOnlyList<DeleteMessageBatchResultEntry> Successful, IReadOnlyList<BatchResultErrorEntry> Failed);
}

/// <summary>Says for how many seconds from now nobody else receives a message: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html</summary>
public sealed record ChangeMessageVisibility(string QueueUrl, string ReceiptHandle, int VisibilityTimeout) : IAwsRequest<EmptyResponse>;

/// <summary>A message whose visibility changes.</summary>
public sealed record ChangeMessageVisibilityBatchRequestEntry(string Id, string ReceiptHandle, int? VisibilityTimeout = null);

/// <summary>A message whose visibility was changed.</summary>
public sealed record ChangeMessageVisibilityBatchResultEntry(string Id);

/// <summary>Changes the visibility of up to ten messages: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html</summary>
public sealed record ChangeMessageVisibilityBatch(string QueueUrl, IReadOnlyList<ChangeMessageVisibilityBatchRequestEntry> Entries) : IAwsRequest<ChangeMessageVisibilityBatch.Response>
{
    /// <summary>What was changed and what was not.</summary>
    public sealed record Response(IReadOnlyList<ChangeMessageVisibilityBatchResultEntry> Successful, IReadOnlyList<BatchResultErrorEntry> Failed);
}
