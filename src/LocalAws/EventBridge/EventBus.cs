using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// The events of AWS's services, in the order in which they came, kept until they have been matched against the rules:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html.
/// </summary>
internal sealed class EventBus
{
    private readonly Database _database;
    private readonly TimeProvider _time;
    private readonly LocalAwsOptions _options;

    public EventBus(Database database, TimeProvider time, LocalAwsOptions options)
    {
        (_database, _time, _options) = (database, time, options);
        database.Define("CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)");
    }

    /// <summary>
    /// Keeps an event. Call it in the transaction that changes what it tells of: both are there after a crash, or neither.
    /// </summary>
    /// <param name="source">The service, such as <c>aws.codecommit</c>.</param>
    /// <param name="detailType">What happened, such as <c>CodeCommit Repository State Change</c>.</param>
    /// <param name="resources">The ARNs of what it happened to; the first one's region is the event's.</param>
    /// <param name="detail">The service's own members.</param>
    public void Publish(string source, string detailType, IReadOnlyList<string> resources, JsonObject detail) => _database.Write(c =>
    {
        var body = new JsonObject
        {
            ["version"] = "0",
            ["id"] = Guid.NewGuid().ToString(),
            ["detail-type"] = detailType,
            ["source"] = source,
            ["account"] = _options.AccountId,
            ["time"] = _time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            ["region"] = resources.FirstOrDefault()?.Split(':') is [_, _, _, { Length: > 0 } region, ..] ? region : _options.Region,
            ["resources"] = new JsonArray([.. resources.Select(r => (JsonNode)r)]),
            ["detail"] = detail,
        };
        c.Execute("INSERT INTO event (body) VALUES ($1)", body.ToJsonString());
    });
}
