using System.Collections.Concurrent;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>
/// Sends the messages that are due, some at a time, and again as the retry policy says where they did not come. Each is kept
/// until it has come, so a crash loses none; one that came by HTTP as the process died comes again, with the same id.
/// </summary>
internal sealed class NotificationDispatcher : IResume, IAsyncDisposable
{
    private const int AtOnce = 32;
    private static readonly TimeSpan WaitAfterFailure = TimeSpan.FromSeconds(1);
    private readonly NotificationQueue _queue;
    private readonly SubscriptionTable _subscriptions;
    private readonly TopicTable _topics;
    private readonly SealedMessages _sealing;
    private readonly HttpDelivery _http;
    private readonly MailDelivery _mail;
    private readonly QueueDelivery _sqs;
    private readonly ServerLog _log;
    private readonly TimeProvider _time;
    private readonly BackgroundLoop _loop;
    private readonly ConcurrentDictionary<string, Task> _underWay = new();

    public NotificationDispatcher(
        NotificationQueue queue, SubscriptionTable subscriptions, TopicTable topics, SealedMessages sealing, HttpDelivery http, MailDelivery mail, QueueDelivery sqs, ServerLog log,
        TimeProvider time)
    {
        (_queue, _subscriptions, _topics, _sealing, _http, _mail, _sqs, _log, _time) = (queue, subscriptions, topics, sealing, http, mail, sqs, log, time);
        _loop = new("SNS", Work, log, time);
    }

    public Task Resume(CancellationToken cancellation)
    {
        _loop.Start();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        await Task.WhenAll(_underWay.Values);
    }

    private async Task Work(CancellationToken stop)
    {
        var now = _time.GetUtcNow();
        var expiry = _subscriptions.RemoveExpired(now);
        var waiting = _queue.First(AtOnce).Where(n => !_underWay.ContainsKey(n.Work.Id)).ToList();
        foreach (var (notification, _) in waiting.Where(n => n.Due <= now).Take(AtOnce - _underWay.Count))
        {
            Start(notification, stop);
        }

        // one that ends wakes this again
        var next = waiting.Where(n => n.Due > now).Select(n => (DateTimeOffset?)n.Due).Append(expiry).Min();
        await _queue.Wait(next, stop);
    }

    private void Start(Notification notification, CancellationToken stop)
    {
        var ended = new TaskCompletionSource();
        _underWay[notification.Id] = ended.Task;
        _ = Task.Run(
            async () =>
            {
                await DeliverOrWait(notification, stop);
                _underWay.TryRemove(notification.Id, out Task? _);
                _queue.Wake();
                ended.SetResult();
            },
            CancellationToken.None);
    }

    private async Task DeliverOrWait(Notification notification, CancellationToken stop)
    {
        try
        {
            await DeliverOrKeep(notification, stop);
        }
        catch (Exception e)
        {
            // it is still in the queue, and due: without a wait it would fail again at once, such as on a full disk
            _log.Write($"SNS: {e}");
            await Task.Delay(WaitAfterFailure, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task DeliverOrKeep(Notification notification, CancellationToken stop)
    {
        if (_topics.Find(notification.TopicArn) is not { } topic || _subscriptions.Find(notification.SubscriptionArn) is not { } subscription || !IsWanted(notification, subscription))
        {
            _queue.Forget(notification);
            return;
        }

        var policy = DeliveryPolicy.OfTopic(topic[TopicAttributes.DeliveryPolicyName]).OfSubscription(subscription[SubscriptionAttributes.DeliveryPolicyName]);
        try
        {
            await Deliver(topic, subscription, _sealing.Open(notification), policy, stop);
        }
        catch (Exception e) when (e is DeliveryException or AwsException or IOException or UnauthorizedAccessException)
        {
            TryLater(notification, subscription, subscription.Protocol switch
            {
                "email" or "email-json" => RetryPolicy.OfMail,
                SubscriptionAttributes.Sqs => RetryPolicy.OfQueues,
                _ => policy.Retries,
            }, e);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // it stays in the queue for the next start
        }
    }

    private async Task Deliver(StoredTopic topic, StoredSubscription subscription, Notification readable, DeliveryPolicy policy, CancellationToken stop)
    {
        switch (subscription.Protocol)
        {
            case SubscriptionAttributes.Sqs:
                _sqs.DeliverAndForget(topic, subscription, readable);
                return;
            case "email" or "email-json":
                _mail.Deliver(topic, subscription, readable);
                break;
            default:
                await _http.Deliver(topic, subscription, readable, policy, stop);
                break;
        }

        _queue.Forget(readable);
    }

    /// <summary>Whether a message still has somebody to go to, in the state that it is for.</summary>
    private static bool IsWanted(Notification notification, StoredSubscription subscription) => notification.Type switch
    {
        NotificationType.Notification => subscription.State == SubscriptionState.Confirmed,
        NotificationType.SubscriptionConfirmation => subscription.State == SubscriptionState.Pending,
        _ => subscription.State == SubscriptionState.Deactivated,
    };

    private void TryLater(Notification notification, StoredSubscription subscription, RetryPolicy policy, Exception e)
    {
        var failed = notification with { Attempts = notification.Attempts + 1 };
        if (e is DeliveryException { IsFinal: true } || policy.Delay(failed.Attempts) is not { } wait)
        {
            _log.Write($"SNS gave up the {notification.Type} {notification.MessageId} of {notification.TopicArn} to {SubscriptionAttributes.Masked(subscription.Endpoint)} after {failed.Attempts} attempts: {e.Message}");
            _queue.Forget(notification);
            return;
        }

        _queue.TryAgain(failed, _time.GetUtcNow() + wait);
    }
}
