using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Replication to other buckets, which is not done here: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html</summary>
internal sealed class BucketReplication(SettingOperations settings, Buckets buckets)
{
    private const string Arn = "arn:aws:s3:::";

    private static readonly XmlShape Tag = new("Tag", Required("Key"), Required("Value"));

    private static readonly XmlShape Destination = Required("Destination",
        Required("Bucket"),
        new XmlShape("Account"),
        new XmlShape("StorageClass"),
        new XmlShape("AccessControlTranslation", Required("Owner") with { Values = ["Destination"] }),
        new XmlShape("EncryptionConfiguration", new XmlShape("ReplicaKmsKeyID")),
        new XmlShape("ReplicationTime", Status, Required("Time", new XmlShape("Minutes") { From = 0 })),
        new XmlShape("Metrics", Status, new XmlShape("EventThreshold", new XmlShape("Minutes") { From = 0 })));

    private static readonly BucketSetting Setting = new(new("ReplicationConfiguration",
        Required("Role"),
        Any("Rule",
            new XmlShape("ID") { Longest = 255 },
            new XmlShape("Priority") { From = 0 },
            new XmlShape("Prefix"),
            new XmlShape("Filter", new XmlShape("Prefix"), Tag, new XmlShape("And", new XmlShape("Prefix"), Tag with { Most = int.MaxValue })),
            Status,
            new XmlShape("SourceSelectionCriteria", new XmlShape("SseKmsEncryptedObjects", Status), new XmlShape("ReplicaModifications", Status)),
            new XmlShape("ExistingObjectReplication", Status),
            Destination,
            new XmlShape("DeleteMarkerReplication", Status with { Least = 0 })) with { Least = 1, Most = 1000 }))
    {
        Missing = ("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["replication"])]
    public Task PutBucketReplication(S3Request request) => settings.Put(request, Setting, Check);

    [S3Operation("GET", S3Level.Bucket, Query = ["replication"])]
    public Task GetBucketReplication(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["replication"])]
    public Task DeleteBucketReplication(S3Request request) => settings.Delete(request, Setting);

    private void Check(Bucket bucket, XElement document)
    {
        if (bucket.Versioning != BucketVersioning.Enabled)
        {
            throw S3Errors.InvalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration");
        }

        foreach (var name in document.Elements("Rule").Select(r => r.Element("Destination")!.Element("Bucket")!.Value))
        {
            var target = name.StartsWith(Arn, StringComparison.Ordinal) ? buckets.Find(name[Arn.Length..]) : throw S3Errors.InvalidArgument("Invalid bucket ARN", "Bucket", name);
            if (target?.Versioning != BucketVersioning.Enabled)
            {
                throw S3Errors.InvalidRequest("Destination bucket must have versioning enabled.");
            }
        }
    }
}
