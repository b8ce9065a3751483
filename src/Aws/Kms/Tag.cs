using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>A tag of a key: https://docs.aws.amazon.com/kms/latest/APIReference/API_Tag.html</summary>
public sealed record Tag([Length(1, 128)] string TagKey, [Length(0, 256)] string TagValue);

/// <summary>Adds tags to a key, or changes their values: https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html</summary>
public sealed record TagResource([Length(1, 2048)] string KeyId, IReadOnlyList<Tag> Tags) : IAwsRequest<EmptyResponse>;

/// <summary>Removes tags of a key: https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html</summary>
public sealed record UntagResource([Length(1, 2048)] string KeyId, IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;

/// <summary>A key's tags: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html</summary>
public sealed record ListResourceTags(
    [Length(1, 2048)] string KeyId, [Range(1, 50)] int? Limit = null,
    [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null) : IAwsRequest<ListResourceTags.Response>
{
    /// <summary>A page of tags.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags, bool Truncated, string? NextMarker = null);
}
