using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.SageMaker;

/// <summary>Where the files of models lie.</summary>
internal sealed class ModelData(ObjectStore objects)
{
    /// <summary>The one archive that a container's two ways to name its model say, or null where it has none; the object is there.</summary>
    /// <param name="url">ModelDataUrl.</param>
    /// <param name="source">ModelDataSource.</param>
    /// <param name="member">The operation and member, for a refusal.</param>
    /// <exception cref="AwsException">ValidationException: there is no such object, or both are given.</exception>
    public string? Require(string? url, ModelDataSource? source, string member)
    {
        if (url is not null && source is not null)
        {
            throw AwsErrors.Validation("ModelDataUrl and ModelDataSource can't both be given.");
        }

        RefuseUnsupported(url, source, member);
        var archive = url ?? source?.S3DataSource?.S3Uri;
        if (archive is null)
        {
            return null;
        }

        var uri = S3Uri.Parse(archive);
        return objects.Find(uri.Bucket, uri.Key) is not null ? archive : throw AwsErrors.Validation($"Could not find model data at {archive}.");
    }

    /// <summary>Refuses what local AWS can't read a model from; what is not said yet is no reason.</summary>
    /// <exception cref="AwsException">NotImplemented.</exception>
    public static void RefuseUnsupported(string? url, ModelDataSource? source, string member)
    {
        if (source?.S3DataSource is { } s3 && (s3.S3DataType is not (null or "S3Object") || s3.CompressionType is not (null or "Gzip")))
        {
            throw AwsErrors.NotImplemented($"{member}.ModelDataSource other than one S3Object with Gzip");
        }

        if ((url ?? source?.S3DataSource?.S3Uri)?.StartsWith("https://", StringComparison.Ordinal) == true)
        {
            throw AwsErrors.NotImplemented($"{member}.ModelDataUrl as an https URL; use s3://bucket/key");
        }
    }
}
