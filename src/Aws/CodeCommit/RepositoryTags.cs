using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeCommit;

/// <summary>A repository's tags: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource([Errors(Codes.InvalidResourceArn, Codes.ResourceArnRequired)] string ResourceArn, string? NextToken = null)
    : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>All tags: a repository has at most 50, so there is one page.</summary>
    public sealed record Response(IReadOnlyDictionary<string, string> Tags);
}

/// <summary>Adds tags or changes their values: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_TagResource.html</summary>
public sealed record TagResource(
    [Errors(Codes.InvalidResourceArn, Codes.ResourceArnRequired)] string ResourceArn,
    [Errors(Codes.InvalidTags, "TagsMapRequiredException")] IReadOnlyDictionary<string, string> Tags) : IAwsRequest<EmptyResponse>;

/// <summary>Removes tags by key: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_UntagResource.html</summary>
public sealed record UntagResource(
    [Errors(Codes.InvalidResourceArn, Codes.ResourceArnRequired)] string ResourceArn,
    [Errors("InvalidTagKeysListException", "TagKeysListRequiredException")] IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;
