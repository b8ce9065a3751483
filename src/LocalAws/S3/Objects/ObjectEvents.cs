using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.LocalAws.EventBridge;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>
/// What happens to the objects of a bucket, told to EventBridge where the bucket's notification configuration asks for it:
/// https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html. Call it in the transaction that makes the change.
/// </summary>
internal sealed class ObjectEvents(EventBus bus, LocalAwsOptions options)
{
    /// <summary>The reason of what a lifecycle does, which S3 itself asks for.</summary>
    public const string LifecycleExpiration = "Lifecycle Expiration";

    private const string Source = "aws.s3";

    /// <summary>An object was made.</summary>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="made">The object.</param>
    /// <param name="reason">The operation that made it.</param>
    public void Created(Bucket bucket, StoredObject made, string reason)
    {
        if (BucketNotification.GoesToEventBridge(bucket))
        {
            Publish(bucket, "Object Created", made, reason, null);
        }
    }

    /// <summary>An object, or a version of it, was removed, or marked as deleted.</summary>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="gone">The version that is no more, or the delete marker.</param>
    /// <param name="isMarker">Whether it is a delete marker that was put.</param>
    /// <param name="reason">What did it.</param>
    public void Deleted(Bucket bucket, StoredObject gone, bool isMarker, string reason)
    {
        if (BucketNotification.GoesToEventBridge(bucket))
        {
            Publish(bucket, "Object Deleted", gone, reason, isMarker ? "Delete Marker Created" : "Permanently Deleted");
        }
    }

    private void Publish(Bucket bucket, string type, StoredObject stored, string reason, string? deletion)
    {
        // a later event of a key has the greater sequencer
        var about = new JsonObject { ["key"] = stored.Key, ["sequencer"] = options.Time.GetUtcNow().UtcTicks.ToString("X16", CultureInfo.InvariantCulture) };
        if (!stored.IsDeleteMarker)
        {
            (about["size"], about["etag"]) = (stored.Size, stored.ETag);
        }

        if (stored.VersionId != VersionId.Null)
        {
            about["version-id"] = stored.VersionId;
        }

        var detail = new JsonObject
        {
            ["version"] = "0", ["bucket"] = new JsonObject { ["name"] = bucket.Name }, ["object"] = about, ["requester"] = reason == LifecycleExpiration ? "s3.amazonaws.com" : options.AccountId, ["reason"] = reason,
        };
        if (deletion is not null)
        {
            detail["deletion-type"] = deletion;
        }

        bus.Publish(Source, type, [$"arn:aws:s3:::{bucket.Name}"], detail);
    }
}
