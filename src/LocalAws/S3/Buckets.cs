using System.Text.RegularExpressions;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3;

/// <summary>A bucket.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">The region that it was made in.</param>
/// <param name="Created">When it was made.</param>
internal sealed record Bucket(string Name, string Region, DateTimeOffset Created)
{
    /// <summary>Enabled or Suspended; null where it never had versioning.</summary>
    public string? Versioning { get; init; }

    /// <summary>Whether its objects have, or had, versions, which its answers then name.</summary>
    public bool IsVersioned => Versioning is not null;

    /// <summary>The documents of its settings by their names; an empty one was deleted.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The bucket with a setting, or without it where the document is null.</summary>
    public Bucket With(string setting, string? document) => this with
    {
        Settings = Settings.Where(s => s.Key != setting).Concat(document is null ? [] : [new(setting, document)]).ToDictionary(),
    };
}

/// <summary>The buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html</summary>
internal sealed partial class Buckets(LocalAwsOptions options, Database database)
{
    private readonly Table<Bucket> _buckets = new(database, "bucket", b => b.Name);

    /// <summary>Makes a bucket.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidBucketName, BucketAlreadyOwnedByYou.</exception>
    public Bucket Create(string name, string region)
    {
        string[] prefixes = ["xn--", "sthree-"];
        string[] suffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];
        if (!ValidName().IsMatch(name) || name.Contains("..", StringComparison.Ordinal) || LooksLikeAddress().IsMatch(name)
            || prefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)) || suffixes.Any(s => name.EndsWith(s, StringComparison.Ordinal)))
        {
            throw S3Errors.InvalidBucketName(name);
        }

        var bucket = new Bucket(name, region, options.Time.GetUtcNow());
        if (_buckets.Insert(bucket))
        {
            return bucket;
        }

        // to create one's own bucket again succeeds in us-east-1 alone
        return region == "us-east-1" && Find(name) is { } own && own.Region == region ? own : throw S3Errors.BucketAlreadyOwnedByYou(name);
    }

    /// <summary>A bucket, or null.</summary>
    public Bucket? Find(string name) => _buckets.Find(name);

    /// <summary>A bucket.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket.</exception>
    public Bucket Require(string name) => Find(name) ?? throw S3Errors.NoSuchBucket(name);

    /// <summary>Every bucket in the order of its name.</summary>
    public List<Bucket> All() => _buckets.All();

    /// <summary>Changes a bucket's settings.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket.</exception>
    public Bucket Change(string name, Func<Bucket, Bucket> change) => _buckets.Change(name, change) ?? throw S3Errors.NoSuchBucket(name);

    /// <summary>Removes an empty bucket.</summary>
    /// <exception cref="Aws.Wire.AwsException">NoSuchBucket, BucketNotEmpty.</exception>
    public void Delete(string name) => database.Write(c =>
    {
        Require(name);
        if (c.Query("SELECT 1 FROM object WHERE bucket = $1 LIMIT 1", _ => true, name).Count > 0)
        {
            throw S3Errors.BucketNotEmpty(name);
        }

        _buckets.Delete(name);
    });

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\z")]
    private static partial Regex ValidName();

    [GeneratedRegex(@"\A\d+\.\d+\.\d+\.\d+\z")]
    private static partial Regex LooksLikeAddress();
}
