using System.Net;
using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Server access logs, which are not written here: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html</summary>
internal sealed class BucketLogging(SettingOperations settings, Buckets buckets)
{
    private static readonly BucketSetting Setting = new(new("BucketLoggingStatus",
        new XmlShape("LoggingEnabled",
            Required("TargetBucket"),
            Required("TargetPrefix"),
            new XmlShape("TargetGrants", Any("Grant", Required("Grantee", AccessControl.Grantee), Required("Permission"))),
            new XmlShape("TargetObjectKeyFormat",
                new XmlShape("SimplePrefix") { Values = [""] },
                new XmlShape("PartitionedPrefix", new XmlShape("PartitionDateSource") { Values = ["EventTime", "DeliveryTime"] })))))
    {
        NeedsChecksum = false,
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["logging"])]
    public Task PutBucketLogging(S3Request request) => settings.Put(request, Setting, Check);

    [S3Operation("GET", S3Level.Bucket, Query = ["logging"])]
    public Task GetBucketLogging(S3Request request) => settings.Get(request, Setting);

    private void Check(Bucket bucket, XElement document)
    {
        if ((string?)document.Element("LoggingEnabled")?.Element("TargetBucket") is not { } name)
        {
            return;
        }

        var target = buckets.Find(name) ?? throw S3Errors.Bad(
            "InvalidTargetBucketForLogging", "The target bucket for logging does not exist", ("TargetBucket", name));
        if (target.Region != bucket.Region)
        {
            throw S3Errors.Make(
                "CrossLocationLoggingProhibitted", HttpStatusCode.Forbidden, "Cross S3 location logging not allowed. ",
                ("SourceBucketLocation", bucket.Region), ("TargetBucketLocation", target.Region));
        }
    }
}
