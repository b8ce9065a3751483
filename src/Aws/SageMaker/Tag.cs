using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>A tag of a SageMaker resource: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html</summary>
public sealed record Tag(
    [Length(1, 128), Pattern(@"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")] string Key,
    [Length(0, 256), Pattern(@"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)")] string Value);

/// <summary>Adds tags to a resource, or changes their values: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AddTags.html</summary>
public sealed record AddTags([Length(1, 256)] string ResourceArn, [Length(0, 50)] IReadOnlyList<Tag> Tags) : IAwsRequest<AddTags.Response>
{
    /// <summary>All tags that the resource has now.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags);
}

/// <summary>A resource's tags: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTags.html</summary>
public sealed record ListTags([Length(1, 256)] string ResourceArn, string? NextToken = null, [Range(50, 100)] int? MaxResults = null) : IAwsRequest<ListTags.Response>
{
    /// <summary>A page of tags.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags, string? NextToken = null);
}

/// <summary>Removes tags by key: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteTags.html</summary>
public sealed record DeleteTags([Length(1, 256)] string ResourceArn, [Length(1, 50)] IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;
