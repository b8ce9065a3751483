using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// Where a bucket's events go: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html.
/// They go to EventBridge; there are no queues, topics and functions here for them to go to.
/// </summary>
internal sealed class BucketNotification(SettingOperations settings)
{
    private static readonly XmlShape Filter = new("Filter", new XmlShape("S3Key", Any("FilterRule", Required("Name"), Required("Value"))));

    private static readonly BucketSetting Setting = new(new("NotificationConfiguration",
        Destination("TopicConfiguration", "Topic"),
        Destination("QueueConfiguration", "Queue"),
        Destination("CloudFunctionConfiguration", "CloudFunction"),
        new XmlShape("EventBridgeConfiguration") { Values = [""] }))
    {
        NeedsChecksum = false,
    };

    /// <summary>Whether a bucket's events go to EventBridge.</summary>
    public static bool GoesToEventBridge(Bucket bucket) => Setting.Of(bucket)?.Element("EventBridgeConfiguration") is not null;

    [S3Operation("PUT", S3Level.Bucket, Query = ["notification"])]
    public Task PutBucketNotificationConfiguration(S3Request request) => settings.Put(request, Setting, (_, document) =>
    {
        if (document.Elements().FirstOrDefault(e => e.Name.LocalName != "EventBridgeConfiguration") is { } other)
        {
            throw AwsErrors.NotImplemented($"S3.PutBucketNotificationConfiguration.{other.Name.LocalName}");
        }
    });

    [S3Operation("GET", S3Level.Bucket, Query = ["notification"])]
    public Task GetBucketNotificationConfiguration(S3Request request) => settings.Get(request, Setting);

    private static XmlShape Destination(string name, string arn) =>
        Any(name, new XmlShape("Id"), Required(arn), Any("Event") with { Least = 1 }, Filter);
}
