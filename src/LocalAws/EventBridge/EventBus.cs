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
    private readonly EventSignal _signal;

    public EventBus(Database database, TimeProvider time, LocalAwsOptions options, EventSignal signal)
    {
        (_database, _time, _options, _signal) = (database, time, options, signal);
        database.Define("CREATE TABLE IF NOT EXISTS event (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)");
    }

    /// <summary>
    /// Keeps an event and gives its id. Call it in the transaction that changes what it tells of: both are there after a crash, or neither.
    /// </summary>
    /// <param name="source">The service, such as <c>aws.codecommit</c>.</param>
    /// <param name="detailType">What happened, such as <c>CodeCommit Repository State Change</c>.</param>
    /// <param name="resources">The ARNs of what it happened to; the first one's region is the event's.</param>
    /// <param name="detail">The service's own members.</param>
    /// <param name="time">When it happened; null: now.</param>
    public string Publish(string source, string detailType, IReadOnlyList<string> resources, JsonObject detail, DateTimeOffset? time = null)
    {
        var @event = Event(source, detailType, resources, detail, time);
        _database.Write(c =>
        {
            c.Execute("INSERT INTO event (body) VALUES ($1)", @event.ToJsonString());
            _database.AfterCommit(_signal.Wake);
        });
        return @event["id"]!.GetValue<string>();
    }

    /// <summary>An event in EventBridge's form.</summary>
    public JsonObject Event(string source, string detailType, IReadOnlyList<string> resources, JsonObject detail, DateTimeOffset? time = null) => new()
    {
        ["version"] = "0",
        ["id"] = Guid.NewGuid().ToString(),
        ["detail-type"] = detailType,
        ["source"] = source,
        ["account"] = _options.AccountId,
        ["time"] = (time ?? _time.GetUtcNow()).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["region"] = resources.FirstOrDefault()?.Split(':') is [_, _, _, { Length: > 0 } region, ..] ? region : _options.Region,
        ["resources"] = new JsonArray([.. resources.Select(r => (JsonNode)r)]),
        ["detail"] = detail,
    };

    /// <summary>The oldest event that is kept, or null.</summary>
    public (long Number, JsonObject Event)? Oldest() => _database.Read(c => c.Query<(long, JsonObject)?>(
        "SELECT number, body FROM event ORDER BY number LIMIT 1", r => (r.GetInt64(0), JsonNode.Parse(r.GetString(1))!.AsObject()))).FirstOrDefault();

    /// <summary>Forgets an event that has been matched. Call it in the transaction that keeps its deliveries.</summary>
    public void Forget(long number) => _database.Write(c => c.Execute("DELETE FROM event WHERE number = $1", number));
}

/// <summary>Wakes the dispatcher where there is something for it to do.</summary>
internal sealed class EventSignal : WorkSignal;
