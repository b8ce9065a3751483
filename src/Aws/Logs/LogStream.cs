using Slipway.Aws.Wire;

namespace Slipway.Aws.Logs;

/// <summary>A log stream: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LogStream.html. Times are milliseconds since 1970.</summary>
public sealed record LogStream(
    string LogStreamName, long CreationTime, string Arn, string UploadSequenceToken, long StoredBytes,
    long? FirstEventTimestamp = null, long? LastEventTimestamp = null, long? LastIngestionTime = null);

/// <summary>Makes a log stream: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html</summary>
public sealed record CreateLogStream(
    [Length(1, 512), Pattern(Patterns.Group)] string LogGroupName, [Length(1, 512), Pattern(Patterns.Stream)] string LogStreamName) : IAwsRequest<EmptyResponse>;

/// <summary>Deletes a log stream with its events: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html</summary>
public sealed record DeleteLogStream(
    [Length(1, 512), Pattern(Patterns.Group)] string LogGroupName, [Length(1, 512), Pattern(Patterns.Stream)] string LogStreamName) : IAwsRequest<EmptyResponse>;

/// <summary>The streams of a group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html</summary>
public sealed record DescribeLogStreams(
    [Length(1, 512), Pattern(Patterns.Group)] string? LogGroupName = null,
    [Length(1, 2048), Pattern(Patterns.Identifier)] string? LogGroupIdentifier = null,
    [Length(1, 512), Pattern(Patterns.Stream)] string? LogStreamNamePrefix = null,
    [OneOf("LogStreamName", "LastEventTime")] string? OrderBy = null,
    bool? Descending = null,
    [Length(1, 4096)] string? NextToken = null,
    [Range(1, 50)] int? Limit = null) : IAwsRequest<DescribeLogStreams.Response>
{
    /// <summary>A page of streams.</summary>
    public sealed record Response(IReadOnlyList<LogStream> LogStreams, string? NextToken = null);
}
