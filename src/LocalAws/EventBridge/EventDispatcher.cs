using System.Text.Json.Nodes;
using Slipway.LocalAws.CodePipeline;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.EventBridge;

/// <summary>
/// Matches events against the rules, runs the schedules, and sees to the deliveries, one after the other. Each event
/// becomes its deliveries in one transaction, so that a crash neither loses nor repeats it.
/// </summary>
internal sealed class EventDispatcher : IResume, IAsyncDisposable
{
    private readonly Database _database;
    private readonly EventBus _bus;
    private readonly RuleTable _rules;
    private readonly EventDeliveries _deliveries;
    private readonly Triggers _triggers;
    private readonly EventSignal _signal;
    private readonly TimeProvider _time;
    private readonly BackgroundLoop _loop;

    public EventDispatcher(Database database, EventBus bus, RuleTable rules, EventDeliveries deliveries, Triggers triggers, EventSignal signal, ServerLog log, TimeProvider time)
    {
        (_database, _bus, _rules, _deliveries, _triggers, _signal, _time) = (database, bus, rules, deliveries, triggers, signal, time);
        _loop = new("EventBridge", Work, log, time);
    }

    /// <summary>Starts; runs of schedules that were missed while local AWS was down do not come after it.</summary>
    public Task Resume(CancellationToken cancellation)
    {
        foreach (var rule in _rules.All().Where(r => r.NextRun < _time.GetUtcNow()))
        {
            _rules.Put(rule.Scheduled(_time.GetUtcNow()));
        }

        _loop.Start();
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async Task Work(CancellationToken stop)
    {
        while (_bus.Oldest() is { } oldest)
        {
            Match(oldest.Number, oldest.Event);
        }

        var nextRun = RunSchedules();
        await _deliveries.DeliverDue(stop);
        // a rule that changes meanwhile wakes this
        await _signal.Wait(new[] { nextRun, _deliveries.NextDue() }.Min(), _time, stop);
    }

    private void Match(long number, JsonObject @event) => _database.Write(_ =>
    {
        foreach (var rule in _rules.All().Where(r => r is { IsEnabled: true, EventPattern: not null } && EventPattern.Parse(r.EventPattern).Matches(@event)))
        {
            Deliver(rule, @event);
        }

        _triggers.Take(@event);
        _bus.Forget(number);
    });

    /// <summary>Runs each schedule that is due, and gives when the next one is; null where there is none.</summary>
    private DateTimeOffset? RunSchedules()
    {
        while (true)
        {
            var next = _rules.All().Where(r => r.NextRun is not null).MinBy(r => r.NextRun);
            if (next is null || next.NextRun > _time.GetUtcNow())
            {
                return next?.NextRun;
            }

            Run(next);
        }
    }

    private void Run(StoredRule due) => _database.Write(_ =>
    {
        // it may have been changed meanwhile
        if (_rules.Find(due.Name) is { } rule && rule.NextRun == due.NextRun)
        {
            Deliver(rule, _bus.Event("aws.events", "Scheduled Event", [rule.Arn], []));
            _rules.Put(rule.Scheduled(_time.GetUtcNow()));
        }
    });

    private void Deliver(StoredRule rule, JsonObject @event)
    {
        foreach (var target in rule.Targets)
        {
            _deliveries.Add(rule.Name, target, TargetInput.Of(target, (rule.Name, rule.Arn), @event));
        }
    }
}
