using System.Text.Json;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>An event on its way to a target.</summary>
/// <param name="Id">Its own id, the same each time it is tried.</param>
/// <param name="Rule">The rule's name.</param>
/// <param name="Target">The target, as it was when the event came.</param>
/// <param name="Input">What the target is handed.</param>
/// <param name="Born">When the event was matched.</param>
/// <param name="Attempts">How often it was tried.</param>
internal sealed record EventDelivery(string Id, string Rule, Target Target, string Input, DateTimeOffset Born, int Attempts);

/// <summary>
/// The deliveries that are under way. One that fails is tried again, each time later, as its retry policy says:
/// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html. What is given up is told in the server's log.
/// </summary>
internal sealed class EventDeliveries
{
    private const int MostAttempts = 185;
    private const int LongestAge = 86400;
    private const int AtOnce = 32;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private readonly Database _database;
    private readonly TargetCalls _calls;
    private readonly ServerLog _log;
    private readonly TimeProvider _time;

    public EventDeliveries(Database database, TargetCalls calls, ServerLog log, TimeProvider time)
    {
        (_database, _calls, _log, _time) = (database, calls, log, time);
        database.Define("""
            CREATE TABLE IF NOT EXISTS event_delivery (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, due INTEGER NOT NULL, body TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS event_delivery_due ON event_delivery (due, number);
            """);
    }

    /// <summary>Keeps a delivery. Call it in the transaction that forgets the event.</summary>
    public void Add(string rule, Target target, string input)
    {
        var now = _time.GetUtcNow();
        Put(new(Guid.NewGuid().ToString(), rule, target, input, now, 0), now);
    }

    /// <summary>When the next delivery is due, or null where there is none.</summary>
    public DateTimeOffset? NextDue() => _database.Read(c => c.Query(
        "SELECT due FROM event_delivery ORDER BY due LIMIT 1", r => (DateTimeOffset?)DateTimeOffset.FromUnixTimeMilliseconds(r.GetInt64(0)))).FirstOrDefault();

    /// <summary>Tries every delivery that is due.</summary>
    public async Task DeliverDue(CancellationToken cancellation)
    {
        var due = _database.Read(c => c.Query(
            $"SELECT body FROM event_delivery WHERE due <= $1 ORDER BY due, number LIMIT {AtOnce}", r => JsonSerializer.Deserialize<EventDelivery>(r.GetString(0), AwsJson.Lenient)!,
            _time.GetUtcNow().ToUnixTimeMilliseconds()));
        await Task.WhenAll(due.Select(d => Deliver(d, cancellation)));
    }

    private async Task Deliver(EventDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            await _calls.Call(delivery, cancellation);
            Forget(delivery);
        }
        catch (AwsException e) when ((int)e.Status < 500)
        {
            GiveUp(delivery, e);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            TryLater(delivery with { Attempts = delivery.Attempts + 1 }, e);
        }
    }

    private void TryLater(EventDelivery delivery, Exception e)
    {
        var policy = delivery.Target.RetryPolicy;
        var now = _time.GetUtcNow();
        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, delivery.Attempts - 1), LongestWait.TotalSeconds));
        if (delivery.Attempts > (policy?.MaximumRetryAttempts ?? MostAttempts) || now + wait - delivery.Born > TimeSpan.FromSeconds(policy?.MaximumEventAgeInSeconds ?? LongestAge))
        {
            GiveUp(delivery, e);
            return;
        }

        Put(delivery, now + wait);
    }

    private void GiveUp(EventDelivery delivery, Exception e)
    {
        _log.Write($"The rule {delivery.Rule} could not hand an event to {delivery.Target.Arn}: {e.Message} The event: {delivery.Input}");
        Forget(delivery);
    }

    private void Put(EventDelivery delivery, DateTimeOffset due) => _database.Write(c => c.Execute(
        "INSERT INTO event_delivery (id, due, body) VALUES ($1, $2, $3) ON CONFLICT (id) DO UPDATE SET due = $2, body = $3",
        delivery.Id, due.ToUnixTimeMilliseconds(), JsonSerializer.Serialize(delivery, AwsJson.Lenient)));

    private void Forget(EventDelivery delivery) => _database.Write(c => c.Execute("DELETE FROM event_delivery WHERE id = $1", delivery.Id));
}
