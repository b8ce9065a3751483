using System.Globalization;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>
/// Puts mail in the inbox of the data directory, which no mail leaves: a file for each, whole or not there. The name has
/// the message's time and id, so a mail that is written again after a crash is the same file.
/// </summary>
internal sealed class MailDelivery(LocalAwsOptions options, Envelope envelope)
{
    private const string FromAddress = "no-reply@sns.amazonaws.com";
    private const string From = "AWS Notifications";

    /// <summary>Writes the mail of a message.</summary>
    public void Deliver(StoredTopic topic, StoredSubscription subscription, Notification notification)
    {
        var text = subscription.Protocol == "email-json" ? envelope.Of(notification, topic[TopicAttributes.SignatureVersion]) : Text(topic, notification);
        var mail = new Mail(
            topic[TopicAttributes.DisplayName] is { Length: > 0 } name ? name : From, FromAddress, subscription.Endpoint, SubjectOf(notification), notification.Timestamp,
            $"{notification.Id}@sns.{topic.Arn.Split(':')[3]}.amazonaws.com", text);
        Directory.CreateDirectory(options.Inbox);
        var file = Path.Combine(options.Inbox, $"{notification.Timestamp.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfff'Z'", CultureInfo.InvariantCulture)}-{notification.Id}.eml");
        var made = file + ".new";
        using (var stream = new FileStream(made, FileMode.Create, FileAccess.Write))
        {
            stream.Write(mail.ToBytes());
            stream.Flush(flushToDisk: true);
        }

        File.Move(made, file, overwrite: true);
        DirectoryFlush.Flush(options.Inbox);
    }

    private static string SubjectOf(Notification notification) => notification.Type switch
    {
        NotificationType.SubscriptionConfirmation => "AWS Notification - Subscription Confirmation",
        NotificationType.UnsubscribeConfirmation => "AWS Notification - Unsubscribe Confirmation",
        _ => notification.Subject ?? "AWS Notification Message",
    };

    private string Text(StoredTopic topic, Notification notification) => notification.Type switch
    {
        NotificationType.SubscriptionConfirmation =>
            $"You have chosen to subscribe to the topic\n{topic.Arn}\n\nTo confirm this subscription, open this address:\n{envelope.SubscribeUrl(notification)}\n\nIf you did not ask for it, do nothing.\n",
        NotificationType.UnsubscribeConfirmation =>
            $"Your subscription to the topic\n{topic.Arn}\nhas ended.\n\nTo take that back, open this address:\n{envelope.SubscribeUrl(notification)}\n",
        _ => $"{notification.Message}\n\n--\nTo end this subscription to {topic.Arn}, open this address:\n{envelope.UnsubscribeUrl(notification)}\n",
    };
}
