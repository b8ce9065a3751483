using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>The messages that are on their way, kept until they have come or are given up.</summary>
internal sealed class NotificationQueue(Database database, TimeProvider time) : IDisposable
{
    private readonly DueQueue<Notification> _queue = new(database, "sns_notification", n => n.Id);
    private readonly WorkSignal _signal = new();

    /// <summary>Keeps a message. Call it in the transaction that changes what the message tells of.</summary>
    public void Add(Notification notification) => database.Write(_ =>
    {
        _queue.Put(notification, time.GetUtcNow());
        database.AfterCommit(Wake);
    });

    /// <summary>Keeps a message that did not come, for another attempt.</summary>
    public void TryAgain(Notification notification, DateTimeOffset due) => _queue.Put(notification, due);

    /// <summary>Forgets a message that has come or is given up.</summary>
    public void Forget(Notification notification) => _queue.Forget(notification);

    /// <summary>The first messages in the order of their times, each with its time.</summary>
    public List<(Notification Work, DateTimeOffset Due)> First(int most) => _queue.First(most);

    /// <summary>Says that there may be something to do.</summary>
    public void Wake() => _signal.Wake();

    /// <summary>Completes when there may be something to do, or a time has passed.</summary>
    public Task Wait(DateTimeOffset? until, CancellationToken cancellation) => _signal.Wait(until, time, cancellation);

    public void Dispose() => _signal.Dispose();
}
