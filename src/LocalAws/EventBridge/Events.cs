using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>Events that clients send, and the bus that takes them: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html</summary>
internal sealed class Events(Database database, EventBus bus)
{
    private const int LargestRequest = 256 << 10;
    private const int DefaultPage = 50;

    public PutEvents.Response Put(PutEvents request)
    {
        if (request.Entries.Sum(Size) > LargestRequest)
        {
            throw AwsErrors.Validation("Total size of the entries in the request is over the limit.");
        }

        var entries = database.Write(_ => request.Entries.Select(Put).ToList());
        return new(entries.Count(e => e.ErrorCode is not null), entries);
    }

    public TestEventPattern.Response Test(TestEventPattern request)
    {
        var pattern = EventPattern.Parse(request.EventPattern);
        var @event = Read(request.Event) ?? throw AwsErrors.Validation("Event is not valid. Reason: it is not a JSON object");
        string[] needed = ["id", "account", "source", "time", "region", "resources", "detail-type"];
        return needed.FirstOrDefault(n => !@event.ContainsKey(n)) is { } missing
            ? throw AwsErrors.Validation($"Event is not valid. Reason: it has no {missing}")
            : new(pattern.Matches(@event));
    }

    public DescribeEventBus.Response Describe(DescribeEventBus request, Caller caller)
    {
        RuleTable.RequireBus(request.Name);
        return new(RuleTable.DefaultBus, Arn(caller));
    }

    public ListEventBuses.Response List(ListEventBuses request, Caller caller)
    {
        var buses = new[] { new Aws.EventBridge.EventBus(RuleTable.DefaultBus, Arn(caller)) }.Where(b => b.Name.StartsWith(request.NamePrefix ?? "", StringComparison.Ordinal));
        var page = Page.Of(buses, b => b.Name, request.NextToken, request.Limit ?? DefaultPage);
        return new([.. page.Items], page.NextToken);
    }

    private static string Arn(Caller caller) => caller.Arn("events", "event-bus/" + RuleTable.DefaultBus);

    private PutEventsResultEntry Put(PutEventsRequestEntry entry)
    {
        if (entry is not { Source.Length: > 0, DetailType.Length: > 0, Detail.Length: > 0 })
        {
            var missing = entry.Source is not { Length: > 0 } ? "Source" : entry.DetailType is not { Length: > 0 } ? "DetailType" : "Detail";
            return Refused("InvalidArgument", $"Parameter {missing} is not valid. Reason: {missing} is a required argument.");
        }

        if (entry.Source.StartsWith("aws.", StringComparison.Ordinal))
        {
            return Refused("NotAuthorizedForSource", $"Not authorized for the source {entry.Source}: sources that start with aws. are AWS's own.");
        }

        if (entry.EventBusName is { } name && name.Split('/')[^1] != RuleTable.DefaultBus)
        {
            // as in AWS, an event for a bus that is not there is taken and goes nowhere
            return new(Guid.NewGuid().ToString());
        }

        return Read(entry.Detail) is { } detail
            ? new(bus.Publish(entry.Source, entry.DetailType, entry.Resources ?? [], detail, entry.Time))
            : Refused("MalformedDetail", "Detail is malformed.");
    }

    private static PutEventsResultEntry Refused(string code, string message) => new(null, code, message);

    private static int Size(PutEventsRequestEntry entry) =>
        (entry.Time is null ? 0 : 14) + new[] { entry.Source, entry.DetailType, entry.Detail }.Concat(entry.Resources ?? [])
            .Sum(t => t is null ? 0 : System.Text.Encoding.UTF8.GetByteCount(t));

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
