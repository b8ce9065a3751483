using Slipway.Aws.Wire;

namespace Slipway.Aws.Logs;

/// <summary>An event to write: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_InputLogEvent.html. Milliseconds since 1970.</summary>
public sealed record InputLogEvent([Range(0, long.MaxValue)] long Timestamp, [Length(1, 1 << 20)] string Message);

/// <summary>Writes events in the order of their time: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html</summary>
public sealed record PutLogEvents(
    [Length(1, 512), Pattern(Patterns.Group)] string LogGroupName,
    [Length(1, 512), Pattern(Patterns.Stream)] string LogStreamName,
    [Length(1, 10000)] IReadOnlyList<InputLogEvent> LogEvents,
    string? SequenceToken = null) : IAwsRequest<PutLogEvents.Response>
{
    /// <summary>Which events were not taken.</summary>
    public sealed record Response(string NextSequenceToken, RejectedLogEventsInfo? RejectedLogEventsInfo = null);
}

/// <summary>Events that were not taken: the first that is too new, and the first after those that are too old or have expired.</summary>
public sealed record RejectedLogEventsInfo(int? TooNewLogEventStartIndex = null, int? TooOldLogEventEndIndex = null, int? ExpiredLogEventEndIndex = null);

/// <summary>An event of a stream: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_OutputLogEvent.html</summary>
public sealed record OutputLogEvent(long Timestamp, string Message, long IngestionTime);

/// <summary>Events of a stream: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html</summary>
public sealed record GetLogEvents(
    [Length(1, 512), Pattern(Patterns.Stream)] string LogStreamName,
    [Length(1, 512), Pattern(Patterns.Group)] string? LogGroupName = null,
    [Length(1, 2048), Pattern(Patterns.Identifier)] string? LogGroupIdentifier = null,
    [Range(0, long.MaxValue)] long? StartTime = null,
    [Range(0, long.MaxValue)] long? EndTime = null,
    [Length(1, 4096)] string? NextToken = null,
    [Range(1, 10000)] int? Limit = null,
    bool? StartFromHead = null,
    bool? Unmask = null) : IAwsRequest<GetLogEvents.Response>
{
    /// <summary>Events, oldest first, and tokens for both directions. At an end of the stream the token that was given comes back.</summary>
    public sealed record Response(IReadOnlyList<OutputLogEvent> Events, string NextForwardToken, string NextBackwardToken);
}

/// <summary>An event that a search found: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilteredLogEvent.html</summary>
public sealed record FilteredLogEvent(string LogStreamName, long Timestamp, string Message, long IngestionTime, string EventId);

/// <summary>Searches the events of a group: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html</summary>
public sealed record FilterLogEvents(
    [Length(1, 512), Pattern(Patterns.Group)] string? LogGroupName = null,
    [Length(1, 2048), Pattern(Patterns.Identifier)] string? LogGroupIdentifier = null,
    [Length(1, 100), Pattern(Patterns.Stream)] IReadOnlyList<string>? LogStreamNames = null,
    [Length(1, 512), Pattern(Patterns.Stream)] string? LogStreamNamePrefix = null,
    [Range(0, long.MaxValue)] long? StartTime = null,
    [Range(0, long.MaxValue)] long? EndTime = null,
    [Length(0, 1024)] string? FilterPattern = null,
    [Length(1, 4096)] string? NextToken = null,
    [Range(1, 10000)] int? Limit = null,
    bool? Interleaved = null,
    bool? Unmask = null) : IAwsRequest<FilterLogEvents.Response>
{
    /// <summary>Events, oldest first. AWS has not filled <c>searchedLogStreams</c> since 2020.</summary>
    public sealed record Response(IReadOnlyList<FilteredLogEvent> Events, IReadOnlyList<SearchedLogStream> SearchedLogStreams, string? NextToken = null);
}

/// <summary>A stream that a search has been through.</summary>
public sealed record SearchedLogStream(string LogStreamName, bool SearchedCompletely);
