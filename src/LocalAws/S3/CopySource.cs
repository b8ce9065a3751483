using System.Net;

namespace Slipway.LocalAws.S3;

/// <summary>The object that a copy reads, from the header x-amz-copy-source: <c>/bucket/key</c>, URL-encoded.</summary>
internal sealed record CopySource(string Bucket, string Key)
{
    /// <summary>The header's name.</summary>
    public const string Header = "x-amz-copy-source";

    /// <summary>Reads the header.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidArgument, NoSuchVersion.</exception>
    public static CopySource Of(S3Request request)
    {
        var header = request.Header(Header)!;
        var parts = header.Split("?versionId=", 2);
        if (parts.Length == 2 && parts[1] != "null")
        {
            throw S3Errors.Make("NoSuchVersion", HttpStatusCode.NotFound, "The specified version does not exist.", ("VersionId", parts[1]));
        }

        var path = Uri.UnescapeDataString(parts[0]);
        var names = (path.StartsWith('/') ? path[1..] : path).Split('/', 2);
        return names is [{ Length: > 0 } bucket, { Length: > 0 } key] && !bucket.StartsWith("arn:", StringComparison.Ordinal)
            ? new(bucket, key)
            : throw S3Errors.InvalidArgument("Copy Source must mention the source bucket and key: sourcebucket/sourcekey", Header, header);
    }

    /// <summary>Finds and opens it.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket, NoSuchKey, PreconditionFailed.</exception>
    public (StoredObject Object, Stream Content) Open(S3Request request, ObjectStore objects, Buckets buckets)
    {
        buckets.Require(Bucket);
        var (source, content) = objects.Open(Bucket, Key) ?? throw S3Errors.NoSuchKey(Key);
        try
        {
            Conditions.CheckSource(request, source);
            return (source, content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }
}
