using System.Text.Json.Serialization;
using Slipway.Aws.Wire;

namespace Slipway.Aws.Sqs;

/// <summary>Makes a queue, or finds the one that is there with the same attributes: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html</summary>
public sealed record CreateQueue(
    string QueueName, IReadOnlyDictionary<string, string>? Attributes = null, [property: JsonPropertyName("tags")] IReadOnlyDictionary<string, string>? Tags = null)
    : IAwsRequest<CreateQueue.Response>
{
    /// <summary>The queue's URL.</summary>
    public sealed record Response(string QueueUrl);
}

/// <summary>Deletes a queue with its messages: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteQueue.html</summary>
public sealed record DeleteQueue(string QueueUrl) : IAwsRequest<EmptyResponse>;

/// <summary>Finds a queue by its name: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueUrl.html</summary>
public sealed record GetQueueUrl(string QueueName, string? QueueOwnerAWSAccountId = null) : IAwsRequest<GetQueueUrl.Response>
{
    /// <summary>The queue's URL.</summary>
    public sealed record Response(string QueueUrl);
}

/// <summary>Queues by the start of their names: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html</summary>
public sealed record ListQueues(string? QueueNamePrefix = null, string? NextToken = null, int? MaxResults = null) : IAwsRequest<ListQueues.Response>
{
    /// <summary>A page of URLs; absent where there are none.</summary>
    public sealed record Response(IReadOnlyList<string>? QueueUrls, string? NextToken = null);
}

/// <summary>The queues that name one as their dead-letter queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListDeadLetterSourceQueues.html</summary>
public sealed record ListDeadLetterSourceQueues(string QueueUrl, string? NextToken = null, int? MaxResults = null) : IAwsRequest<ListDeadLetterSourceQueues.Response>
{
    /// <summary>A page of URLs.</summary>
    public sealed record Response([property: JsonPropertyName("queueUrls")] IReadOnlyList<string> QueueUrls, string? NextToken = null);
}

/// <summary>What a queue is set to, and how many messages it has: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html</summary>
public sealed record GetQueueAttributes(string QueueUrl, IReadOnlyList<string>? AttributeNames = null) : IAwsRequest<GetQueueAttributes.Response>
{
    /// <summary>The attributes that were asked for; absent where none was.</summary>
    public sealed record Response(IReadOnlyDictionary<string, string>? Attributes);
}

/// <summary>Sets attributes of a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html</summary>
public sealed record SetQueueAttributes(string QueueUrl, IReadOnlyDictionary<string, string> Attributes) : IAwsRequest<EmptyResponse>;

/// <summary>Deletes the messages of a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_PurgeQueue.html</summary>
public sealed record PurgeQueue(string QueueUrl) : IAwsRequest<EmptyResponse>;

/// <summary>Tags a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_TagQueue.html</summary>
public sealed record TagQueue(string QueueUrl, IReadOnlyDictionary<string, string> Tags) : IAwsRequest<EmptyResponse>;

/// <summary>Takes tags from a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_UntagQueue.html</summary>
public sealed record UntagQueue(string QueueUrl, IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;

/// <summary>The tags of a queue: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueueTags.html</summary>
public sealed record ListQueueTags(string QueueUrl) : IAwsRequest<ListQueueTags.Response>
{
    /// <summary>The tags; absent where there are none.</summary>
    public sealed record Response(IReadOnlyDictionary<string, string>? Tags);
}
