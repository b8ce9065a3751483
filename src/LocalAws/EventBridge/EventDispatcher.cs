using System.Text.Json.Nodes;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// Matches events against the rules, runs the schedules, and sees to the deliveries, one after the other. Each event
/// becomes its deliveries in one transaction, so that a crash neither loses nor repeats it.
/// </summary>
internal sealed class EventDispatcher(
    Database database, EventBus bus, RuleTable rules, EventDeliveries deliveries, EventSignal signal, ServerLog log, TimeProvider time) : IResume, IAsyncDisposable
{
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stop = new();
    private Task _run = Task.CompletedTask;

    /// <summary>Starts; runs of schedules that were missed while local AWS was down do not come after it.</summary>
    public Task Resume(CancellationToken cancellation)
    {
        foreach (var rule in rules.All().Where(r => r.NextRun < time.GetUtcNow()))
        {
            rules.Put(rule.Scheduled(time.GetUtcNow()));
        }

        _run = Task.Run(Run, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
    }

    private async Task Run()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Work();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.Write($"EventBridge: {e}");
                await Task.Delay(WaitAfterFailure, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task Work()
    {
        while (bus.Oldest() is { } oldest)
        {
            Match(oldest.Number, oldest.Event);
        }

        RunSchedules();
        await deliveries.DeliverDue(_stop.Token);
        var now = time.GetUtcNow();
        var next = rules.All().Select(r => r.NextRun).Append(deliveries.NextDue()).Min() ?? DateTimeOffset.MaxValue;
        if (next > now)
        {
            await signal.Wait(next - now < LongestSleep ? next - now : LongestSleep, time, _stop.Token);
        }
    }

    private void Match(long number, JsonObject @event) => database.Write(_ =>
    {
        foreach (var rule in rules.All().Where(r => r is { IsEnabled: true, EventPattern: not null } && EventPattern.Parse(r.EventPattern).Matches(@event)))
        {
            Deliver(rule, @event);
        }

        bus.Forget(number);
    });

    private void RunSchedules()
    {
        foreach (var due in rules.All().Where(r => r.NextRun <= time.GetUtcNow()))
        {
            database.Write(_ =>
            {
                // it may have been changed meanwhile
                if (rules.Find(due.Name) is { } rule && rule.NextRun == due.NextRun)
                {
                    Deliver(rule, bus.Event("aws.events", "Scheduled Event", [rule.Arn], []));
                    rules.Put(rule.Scheduled(time.GetUtcNow()));
                }
            });
        }
    }

    private void Deliver(StoredRule rule, JsonObject @event)
    {
        foreach (var target in rule.Targets)
        {
            deliveries.Add(rule.Name, target, TargetInput.Of(target, (rule.Name, rule.Arn), @event));
        }
    }
}
