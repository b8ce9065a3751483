using Slipway.Aws.Wire;

namespace Slipway.Aws.Sns;

/// <summary>A tag of a topic: https://docs.aws.amazon.com/sns/latest/api/API_Tag.html</summary>
public sealed record Tag([Length(1, 128)] string Key, [Length(0, 256)] string Value);

/// <summary>A topic: https://docs.aws.amazon.com/sns/latest/api/API_Topic.html</summary>
public sealed record Topic(string TopicArn);

/// <summary>Makes a topic, or finds the one that is there with the same attributes: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html</summary>
public sealed record CreateTopic(string Name, IReadOnlyDictionary<string, string>? Attributes = null, IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateTopic.Response>
{
    /// <summary>The topic's ARN.</summary>
    public sealed record Response(string TopicArn);
}

/// <summary>Deletes a topic and its subscriptions; one that is not there is no error: https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html</summary>
public sealed record DeleteTopic(string TopicArn) : IAwsRequest<EmptyResponse>;

/// <summary>Topics, 100 to a page: https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html</summary>
public sealed record ListTopics(string? NextToken = null) : IAwsRequest<ListTopics.Response>
{
    /// <summary>A page of topics.</summary>
    public sealed record Response(IReadOnlyList<Topic> Topics, string? NextToken = null);
}

/// <summary>What a topic is set to, and how many subscriptions it has: https://docs.aws.amazon.com/sns/latest/api/API_GetTopicAttributes.html</summary>
public sealed record GetTopicAttributes(string TopicArn) : IAwsRequest<GetTopicAttributes.Response>
{
    /// <summary>The attributes by their names.</summary>
    public sealed record Response(IReadOnlyDictionary<string, string> Attributes);
}

/// <summary>Sets an attribute of a topic: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html</summary>
public sealed record SetTopicAttributes(string TopicArn, string AttributeName, string? AttributeValue = null) : IAwsRequest<EmptyResponse>;

/// <summary>Tags a topic: https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html</summary>
public sealed record TagResource([Length(1, 1011)] string ResourceArn, IReadOnlyList<Tag> Tags) : IAwsRequest<TagResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>Takes tags from a topic: https://docs.aws.amazon.com/sns/latest/api/API_UntagResource.html</summary>
public sealed record UntagResource([Length(1, 1011)] string ResourceArn, IReadOnlyList<string> TagKeys) : IAwsRequest<UntagResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>The tags of a topic: https://docs.aws.amazon.com/sns/latest/api/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource([Length(1, 1011)] string ResourceArn) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>The tags in the order of their keys.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags);
}
