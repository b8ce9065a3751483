using Slipway.Aws.Wire;

namespace Slipway.Aws.Logs;

internal static class Patterns
{
    public const string Group = @"[\.\-_/#A-Za-z0-9]+";
    public const string Identifier = @"[\w#+=/:,.@-]*";
    public const string Stream = "[^:*]*";
}

/// <summary>A log group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogGroup.html. Times are milliseconds since 1970.</summary>
public sealed record LogGroup(
    string LogGroupName, long CreationTime, string Arn, string LogGroupArn, long StoredBytes, int MetricFilterCount, string LogGroupClass,
    int? RetentionInDays = null, string? KmsKeyId = null);

/// <summary>Makes a log group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html</summary>
public sealed record CreateLogGroup(
    [Length(1, 512), Pattern(Patterns.Group)] string LogGroupName,
    [Length(0, 256)] string? KmsKeyId = null,
    [Length(1, 50)] IReadOnlyDictionary<string, string>? Tags = null,
    [OneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")] string? LogGroupClass = null,
    bool? DeletionProtectionEnabled = null) : IAwsRequest<EmptyResponse>;

/// <summary>Deletes a log group with its streams and events: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html</summary>
public sealed record DeleteLogGroup([Length(1, 512), Pattern(Patterns.Group)] string LogGroupName) : IAwsRequest<EmptyResponse>;

/// <summary>Log groups in the order of their names: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html</summary>
public sealed record DescribeLogGroups(
    [Length(1, 512), Pattern(Patterns.Group)] string? LogGroupNamePrefix = null,
    [Length(0, 512), Pattern(@"[\.\-_/#A-Za-z0-9]*")] string? LogGroupNamePattern = null,
    [Length(1, 4096)] string? NextToken = null,
    [Range(1, 50)] int? Limit = null,
    [OneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY")] string? LogGroupClass = null,
    bool? IncludeLinkedAccounts = null) : IAwsRequest<DescribeLogGroups.Response>
{
    /// <summary>A page of groups.</summary>
    public sealed record Response(IReadOnlyList<LogGroup> LogGroups, string? NextToken = null);
}

/// <summary>Lets events expire: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html</summary>
public sealed record PutRetentionPolicy([Length(1, 512), Pattern(Patterns.Group)] string LogGroupName, int RetentionInDays) : IAwsRequest<EmptyResponse>;

/// <summary>Keeps events for ever: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html</summary>
public sealed record DeleteRetentionPolicy([Length(1, 512), Pattern(Patterns.Group)] string LogGroupName) : IAwsRequest<EmptyResponse>;

/// <summary>Adds tags to a log group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html</summary>
public sealed record TagResource(
    [Length(1, 1011), Pattern(Patterns.Identifier)] string ResourceArn, [Length(1, 50)] IReadOnlyDictionary<string, string> Tags) : IAwsRequest<EmptyResponse>;

/// <summary>Removes tags of a log group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html</summary>
public sealed record UntagResource(
    [Length(1, 1011), Pattern(Patterns.Identifier)] string ResourceArn, [Length(0, 50)] IReadOnlyList<string> TagKeys) : IAwsRequest<EmptyResponse>;

/// <summary>A log group's tags: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html</summary>
public sealed record ListTagsForResource([Length(1, 1011), Pattern(Patterns.Identifier)] string ResourceArn) : IAwsRequest<ListTagsForResource.Response>
{
    /// <summary>The tags.</summary>
    public sealed record Response(IReadOnlyDictionary<string, string> Tags);
}
