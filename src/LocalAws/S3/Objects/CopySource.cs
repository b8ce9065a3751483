using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The object that a copy reads, from the header x-amz-copy-source: <c>/bucket/key</c> or <c>/bucket/key?versionId=…</c>, URL-encoded.</summary>
internal sealed record CopySource(string Bucket, string Key, string? VersionId)
{
    /// <summary>The header's name.</summary>
    public const string Header = "x-amz-copy-source";

    /// <summary>Reads the header.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument.</exception>
    public static CopySource Of(S3Request request)
    {
        var header = request.Header(Header)!;
        var parts = header.Split("?versionId=", 2);
        var version = Store.VersionId.Check(parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : null, Header);
        var path = Uri.UnescapeDataString(parts[0]);
        var names = (path.StartsWith('/') ? path[1..] : path).Split('/', 2);
        return names is [{ Length: > 0 } bucket, { Length: > 0 } key] && !bucket.StartsWith("arn:", StringComparison.Ordinal)
            ? new(bucket, key, version)
            : throw S3Errors.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", Header, header);
    }

    /// <summary>Finds and opens it; the answer names its version.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket, NoSuchKey, NoSuchVersion, InvalidRequest, PreconditionFailed.</exception>
    public (StoredObject Object, Stream Content) Open(S3Request request, ObjectStore objects, Buckets buckets)
    {
        var bucket = buckets.Require(Bucket);
        var (source, content) = objects.Open(Bucket, Key, VersionId) ?? throw Missing(objects);
        try
        {
            RequestedObjects.WriteVersion(request, bucket, source, "x-amz-copy-source-version-id");
            Conditions.CheckSource(request, source);
            return (source, content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    private Aws.Wire.AwsException Missing(ObjectStore objects) => VersionId is null ? S3Errors.NoSuchKey(Key)
        : objects.FindVersion(Bucket, Key, VersionId) is { IsDeleteMarker: true }
            ? S3Errors.InvalidRequest("The source of a copy request may not specifically refer to a delete marker by version id.")
        : S3Errors.NoSuchVersion(Key, VersionId);
}
