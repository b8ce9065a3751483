using System.Text.Json.Nodes;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Logs;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.EventBridge;

/// <summary>Every event of a local AWS, seen by a rule that writes them to a log group.</summary>
internal sealed class SeenEvents
{
    private const string Group = "/aws/events/all";
    private const string Mark = "slipway.tests";
    private readonly LocalAwsFixture _aws;

    private SeenEvents(LocalAwsFixture aws) => _aws = aws;

    /// <summary>Starts to see events.</summary>
    public static async Task<SeenEvents> Watch(LocalAwsFixture aws)
    {
        await aws.Aws.Send(new CreateLogGroup(Group));
        await aws.Aws.Send(new PutRule("all", EventPattern: """{"account":["000000000000"]}"""));
        await aws.Aws.Send(new PutTargets("all", [new("log", $"arn:aws:logs:us-east-1:000000000000:log-group:{Group}")]));
        return new(aws);
    }

    /// <summary>The events so far, in their order: an event of our own marks their end.</summary>
    public async Task<List<JsonNode>> All()
    {
        var id = (await _aws.Aws.Send(new PutEvents([new(Source: Mark, DetailType: "mark", Detail: "{}")]))).Entries[0].EventId;
        var events = await Patience.Until(
            async () => (await _aws.Aws.Send(new FilterLogEvents(Group))).Events.Select(e => JsonNode.Parse(e.Message)!).ToList(), all => all.Exists(e => (string?)e["id"] == id));
        return [.. events.Where(e => (string?)e["source"] != Mark)];
    }
}
