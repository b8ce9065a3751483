using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The object, or the version of it, that a request names. What is found is named by the answer's x-amz-version-id.</summary>
internal sealed class RequestedObjects(ObjectStore objects, Buckets buckets)
{
    private const string VersionHeader = "x-amz-version-id";
    private const string MarkerHeader = "x-amz-delete-marker";

    /// <summary>Says which version an answer is about, where the bucket has or had versions.</summary>
    public static void WriteVersion(S3Request request, Bucket bucket, StoredObject stored, string header = VersionHeader)
    {
        if (bucket.IsVersioned || stored.VersionId != VersionId.Null)
        {
            request.SetHeader(header, stored.VersionId);
        }
    }

    /// <summary>Says what a deletion did.</summary>
    public static void WriteDeleted(S3Request request, Deleted deleted)
    {
        request.SetHeader(VersionHeader, deleted.Marker?.VersionId ?? deleted.Asked.VersionId);
        request.SetHeader(MarkerHeader, deleted.Marker is not null || deleted is { Asked.VersionId: not null, Removed.IsDeleteMarker: true } ? "true" : null);
    }

    /// <summary>Finds it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="withParts">Whether the parts that it was uploaded in are needed.</param>
    /// <exception cref="AwsException">NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidArgument, MethodNotAllowed: it is a delete marker.</exception>
    public StoredObject Find(S3Request request, bool withParts = false) => Locate(request, withParts).Found;

    /// <summary>Finds it for an answer that describes it.</summary>
    /// <exception cref="AwsException">As <see cref="Find"/>.</exception>
    public StoredObject Describe(S3Request request)
    {
        var (bucket, found) = Locate(request, withParts: request.Parameter("partNumber") is not null);
        WriteExpiration(request, bucket, found);
        return found;
    }

    /// <summary>Finds and opens it.</summary>
    /// <exception cref="AwsException">As <see cref="Find"/>.</exception>
    public (StoredObject Object, Stream Content) Open(S3Request request)
    {
        var (bucket, version) = (buckets.Require(request.Bucket), VersionId.Of(request));
        if (objects.Open(request.Bucket, request.Key, version) is not { } opened)
        {
            throw Missing(request, objects.FindVersion(request.Bucket, request.Key, version), version);
        }

        WriteVersion(request, bucket, opened.Object);
        WriteExpiration(request, bucket, opened.Object);
        return opened;
    }

    private (Bucket Bucket, StoredObject Found) Locate(S3Request request, bool withParts)
    {
        var (bucket, version) = (buckets.Require(request.Bucket), VersionId.Of(request));
        var found = withParts ? objects.FindWithParts(request.Bucket, request.Key, version) : objects.FindVersion(request.Bucket, request.Key, version);
        if (found is null or { IsDeleteMarker: true })
        {
            throw Missing(request, found, version);
        }

        WriteVersion(request, bucket, found);
        return (bucket, found);
    }

    // what a version is asked for by its id does not expire: its key does
    private static void WriteExpiration(S3Request request, Bucket bucket, StoredObject found)
    {
        if (VersionId.Of(request) is null)
        {
            BucketLifecycle.WriteExpiration(request, bucket, found);
        }
    }

    private static AwsException Missing(S3Request request, StoredObject? marker, string? version)
    {
        if (marker is { IsDeleteMarker: true })
        {
            request.SetErrorHeader(MarkerHeader, "true");
            request.SetErrorHeader(VersionHeader, marker.VersionId);
        }

        if (version is null)
        {
            return S3Errors.NoSuchKey(request.Key);
        }

        if (marker is not { IsDeleteMarker: true })
        {
            return S3Errors.NoSuchVersion(request.Key, version);
        }

        request.SetErrorHeader("Last-Modified", marker.LastModified.ToString("R"));
        request.SetErrorHeader("Allow", "DELETE");
        return S3Errors.MethodNotAllowed(request.Http.Request.Method, "DeleteMarker");
    }
}
