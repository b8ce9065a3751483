using Slipway.Aws.Wire;

namespace Slipway.Aws.CodePipeline;

/// <summary>The patterns and limits that members of many operations share.</summary>
internal static class Forms
{
    /// <summary>The name of a pipeline, a stage or an action.</summary>
    public const string Name = @"[A-Za-z0-9.@\-_]+";

    /// <summary>The name of a variable or a namespace.</summary>
    public const string Variable = @"[A-Za-z0-9@\-_]+";

    /// <summary>The name of an artifact.</summary>
    public const string Artifact = @"[a-zA-Z0-9_\-]+";

    /// <summary>The provider or the version of an action.</summary>
    public const string Word = "[0-9A-Za-z_-]+";

    /// <summary>The ARN of a role.</summary>
    public const string RoleArn = @"arn:aws(-[\w]+)*:iam::[0-9]{12}:role/.*";

    /// <summary>The id of an execution, or the token of an approval.</summary>
    public const string Id = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";

    /// <summary>The ARN of a pipeline, or of something in it.</summary>
    public const string Arn = @"arn:aws(-[\w]+)*:codepipeline:.+:[0-9]{12}:.+";

    /// <summary>The longest name, in characters.</summary>
    public const int LongestName = 100;

    /// <summary>The longest token of a listing, in characters.</summary>
    public const int LongestToken = 2048;
}

/// <summary>A tag of a pipeline.</summary>
public sealed record Tag([Length(1, 128)] string Key, [Length(0, 256)] string Value);

/// <summary>Tags a pipeline: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_TagResource.html</summary>
public sealed record TagResource([Pattern(Forms.Arn)] string ResourceArn, IReadOnlyList<Tag> Tags) : IAwsRequest<EmptyResponse>;

/// <summary>Takes tags from a pipeline: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_UntagResource.html</summary>
public sealed record UntagResource([Pattern(Forms.Arn)] string ResourceArn, [Length(1, 128)] IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;

/// <summary>The tags of a pipeline: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource(
    [Pattern(Forms.Arn)] string ResourceArn,
    [Length(1, Forms.LongestToken)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>A page of tags in the order of their keys.</summary>
    public sealed record Response(IReadOnlyList<Tag> Tags, string? NextToken = null);
}
