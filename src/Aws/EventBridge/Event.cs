using Slipway.Aws.Wire;

namespace Slipway.Aws.EventBridge;

/// <summary>An event of one's own: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html</summary>
public sealed record PutEventsRequestEntry(
    DateTimeOffset? Time = null, string? Source = null, IReadOnlyList<string>? Resources = null, string? DetailType = null, string? Detail = null,
    [Length(1, 1600), Pattern(@"(arn:aws[\w-]*:events:[a-z]+-[a-z]+-[\w-]+:[0-9]{12}:event-bus\/)?[\.\-_A-Za-z0-9]+")] string? EventBusName = null,
    [Length(1, 500)] string? TraceHeader = null);

/// <summary>The id of an event that was taken, or why it was not.</summary>
public sealed record PutEventsResultEntry(string? EventId = null, string? ErrorCode = null, string? ErrorMessage = null);

/// <summary>Sends events of one's own: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html</summary>
public sealed record PutEvents([Length(1, 10)] IReadOnlyList<PutEventsRequestEntry> Entries) : IAwsRequest<PutEvents.Response>
{
    /// <summary>An answer for each entry, in their order.</summary>
    public sealed record Response(int FailedEntryCount, IReadOnlyList<PutEventsResultEntry> Entries);
}

/// <summary>Whether an event matches a pattern: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html</summary>
public sealed record TestEventPattern([Length(0, 4096)] string EventPattern, string Event) : IAwsRequest<TestEventPattern.Response>
{
    /// <summary>Whether it does.</summary>
    public sealed record Response(bool Result);
}

/// <summary>An event bus: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_EventBus.html</summary>
public sealed record EventBus(string Name, string Arn);

/// <summary>An event bus by its name: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html</summary>
public sealed record DescribeEventBus([Length(1, 1600), Pattern(EventBusNames.NameOrArn)] string? Name = null) : IAwsRequest<DescribeEventBus.Response>
{
    /// <summary>The bus.</summary>
    public sealed record Response(string Name, string Arn);
}

/// <summary>The event buses: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html</summary>
public sealed record ListEventBuses(
    [Length(1, 256), Pattern(@"[/\.\-_A-Za-z0-9]+")] string? NamePrefix = null, [Length(1, 2048)] string? NextToken = null, [Range(1, 100)] int? Limit = null)
    : IAwsRequest<ListEventBuses.Response>
{
    /// <summary>A page of buses.</summary>
    public sealed record Response(IReadOnlyList<EventBus> EventBuses, string? NextToken = null);
}
