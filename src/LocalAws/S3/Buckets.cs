using System.Text.RegularExpressions;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3;

/// <summary>The buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html</summary>
internal sealed partial class Buckets(LocalAwsOptions options, Database database)
{
    private readonly Table<Bucket> _buckets = new(database, "bucket", b => b.Name);

    /// <summary>Makes a bucket.</summary>
    public Bucket Create(string name, string region)
    {
        if (!ValidName().IsMatch(name) || name.Contains("..", StringComparison.Ordinal) || LooksLikeAddress().IsMatch(name)
            || name.StartsWith("xn--", StringComparison.Ordinal) || name.EndsWith("-s3alias", StringComparison.Ordinal))
        {
            throw S3Errors.InvalidBucketName(name);
        }

        var bucket = new Bucket(name, region, options.Time.GetUtcNow());
        return _buckets.Insert(bucket) ? bucket : throw S3Errors.BucketAlreadyOwnedByYou(name);
    }

    /// <summary>A bucket, or null.</summary>
    public Bucket? Find(string name) => _buckets.Find(name);

    /// <summary>A bucket.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket.</exception>
    public Bucket Require(string name) => Find(name) ?? throw S3Errors.NoSuchBucket(name);

    /// <summary>Every bucket in the order of its name.</summary>
    public List<Bucket> All() => _buckets.All();

    /// <summary>Removes a bucket that is known to be empty.</summary>
    public void Delete(string name) => _buckets.Delete(name);

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex ValidName();

    [GeneratedRegex(@"\A\d+\.\d+\.\d+\.\d+\z")]
    private static partial Regex LooksLikeAddress();
}
