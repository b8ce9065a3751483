using System.Net;
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
internal sealed class EventDeliveries(Database database, TargetCalls calls, ServerLog log, TimeProvider time)
{
    private const int MostAttempts = 185;
    private const int LongestAge = 86400;
    private const int AtOnce = 32;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private readonly DueQueue<EventDelivery> _queue = new(database, "event_delivery", d => d.Id);

    /// <summary>Keeps a delivery. Call it in the transaction that forgets the event.</summary>
    public void Add(string rule, Target target, string input)
    {
        var now = time.GetUtcNow();
        _queue.Put(new(Guid.NewGuid().ToString(), rule, target, input, now, 0), now);
    }

    /// <summary>When the next delivery is due, or null where there is none.</summary>
    public DateTimeOffset? NextDue() => _queue.First(1) is [var first] ? first.Due : null;

    /// <summary>Tries every delivery that is due.</summary>
    public async Task DeliverDue(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        await Task.WhenAll(_queue.First(AtOnce).Where(d => d.Due <= now).Select(d => Deliver(d.Work, cancellation)));
    }

    private async Task Deliver(EventDelivery delivery, CancellationToken cancellation)
    {
        try
        {
            await calls.CallAndForget(delivery, () => _queue.Forget(delivery), cancellation);
        }
        catch (AwsException e) when ((int)e.Status < 500 || e.Status == HttpStatusCode.NotImplemented)
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
        var now = time.GetUtcNow();
        var wait = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, delivery.Attempts - 1), LongestWait.TotalSeconds));
        if (delivery.Attempts > (policy?.MaximumRetryAttempts ?? MostAttempts) || now + wait - delivery.Born > TimeSpan.FromSeconds(policy?.MaximumEventAgeInSeconds ?? LongestAge))
        {
            GiveUp(delivery, e);
            return;
        }

        _queue.Put(delivery, now + wait);
    }

    private void GiveUp(EventDelivery delivery, Exception e)
    {
        log.Write($"The rule {delivery.Rule} could not hand an event to {delivery.Target.Arn}: {e.Message} The event: {delivery.Input}");
        _queue.Forget(delivery);
    }
}
