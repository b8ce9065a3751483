using System.Text.Json.Serialization;
using Slipway.Aws.Wire;

namespace Slipway.Aws.Ecr;

/// <summary>A tag: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_Tag.html. Its members alone start with a capital here.</summary>
public sealed record Tag([property: JsonPropertyName("Key")] string Key, [property: JsonPropertyName("Value")] string Value);

/// <summary>Adds tags to a repository, or changes their values: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_TagResource.html</summary>
public sealed record TagResource(string ResourceArn, IReadOnlyList<Tag> Tags) : IAwsRequest<TagResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>Removes tags by key: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_UntagResource.html</summary>
public sealed record UntagResource(string ResourceArn, IReadOnlyList<string> TagKeys) : IAwsRequest<UntagResource.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>A repository's tags: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource(string ResourceArn) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>The tags.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags);
}
