using System.Globalization;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;
using Slipway.Workflow;

namespace Slipway.Steps.Extract;

/// <summary>The Parquet files of a feature group's offline store.</summary>
internal static class OfflineStoreFiles
{
    private const int Concurrency = 8;

    /// <summary>Copies every Parquet object under a prefix to a folder.</summary>
    /// <param name="s3">S3.</param>
    /// <param name="uri">The store's <c>ResolvedOutputS3Uri</c>.</param>
    /// <param name="folder">Where to.</param>
    /// <param name="cancellation">Stops the copying.</param>
    /// <returns>The objects in order of their keys, each with its file.</returns>
    /// <exception cref="StepFailedException">There is none.</exception>
    public static async Task<IReadOnlyList<(LineageObject Object, string Path)>> DownloadAsync(
        IAmazonS3 s3, string uri, string folder, CancellationToken cancellation)
    {
        var (bucket, prefix) = S3Address.Parse(uri);
        var keys = new List<string>();
        await foreach (var found in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket, Prefix = prefix + "/" }).S3Objects.WithCancellation(cancellation))
        {
            if (found.Key.EndsWith(".parquet", StringComparison.Ordinal))
            {
                keys.Add(found.Key);
            }
        }
        if (keys.Count == 0)
        {
            throw new StepFailedException($"The offline store has no Parquet files under {uri}: load data with `slipway ingest` first.");
        }
        keys.Sort(StringComparer.Ordinal);
        var downloaded = new (LineageObject, string)[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellation }, async (i, stop) =>
        {
            var path = Path.Combine(folder, i.ToString("D6", CultureInfo.InvariantCulture) + ".parquet");
            downloaded[i] = ((await DownloadAsync(s3, bucket, keys[i], path, stop)).Object, path);
        });
        return downloaded;
    }

    /// <summary>Makes the view <c>rows</c>: the specification's columns and the offline store's own three.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="paths">The files; a column that a file lacks is NULL there.</param>
    public static void CreateView(Duck duck, DataSetSpecification specification, IEnumerable<string> paths)
    {
        var source = $"read_parquet([{string.Join(", ", paths.Select(Encoder.SqlText))}], union_by_name = true)";
        var present = duck.Rows($"SELECT column_name FROM (DESCRIBE SELECT * FROM {source})")
            .Select(row => (string)row["column_name"]!).ToHashSet(StringComparer.Ordinal);
        foreach (var column in (string[])[specification.RecordIdentifier.Column, specification.EventTime.Column, "write_time", "api_invocation_time", "is_deleted"])
        {
            if (!present.Contains(column))
            {
                throw new StepFailedException($"The offline store's files have no column '{column}'.");
            }
        }
        // A feature that was added to the group later is in no file before its first record.
        var columns = specification.Columns.Select(column =>
            $"{(present.Contains(column.Name) ? Encoder.SqlName(column.Name) : "NULL")}::{StagedSql.Type(column.FeatureType)} AS {Encoder.SqlName(column.Name)}");
        duck.Execute($"CREATE VIEW rows AS SELECT {string.Join(", ", columns)}, write_time, api_invocation_time, is_deleted FROM {source}");
    }

    /// <summary>Copies an object to a file, and tells when it was stored.</summary>
    /// <exception cref="StepFailedException">It did not arrive as it was stored.</exception>
    public static async Task<(LineageObject Object, DateTimeOffset Stored)> DownloadAsync(IAmazonS3 s3, string bucket, string key, string path, CancellationToken cancellation)
    {
        // asked for as a range, as the SDK checks a whole object's MD5 and CRC in code of its own that takes as long as the query
        using var response = await s3.GetObjectAsync(new GetObjectRequest { BucketName = bucket, Key = key, ByteRange = new ByteRange("bytes=0-") }, cancellation);
        using var sha256 = SHA256.Create();
        using var md5 = MD5.Create();
        await using (var file = File.Create(path))
        await using (var first = new CryptoStream(file, sha256, CryptoStreamMode.Write))
        await using (var second = new CryptoStream(first, md5, CryptoStreamMode.Write))
        {
            await response.ResponseStream.CopyToAsync(second, cancellation);
        }
        var etag = response.ETag?.Trim('"');
        if (IsMd5(response, etag) && !etag!.Equals(Convert.ToHexString(md5.Hash!), StringComparison.OrdinalIgnoreCase))
        {
            throw new StepFailedException($"s3://{bucket}/{key} did not arrive as it was stored: its MD5 is not {etag}. Run the step again.");
        }
        var found = new LineageObject(bucket, key, response.VersionId, etag, new FileInfo(path).Length, Convert.ToHexStringLower(sha256.Hash!));
        return (found, response.LastModified is { } stored ? new DateTimeOffset(stored.ToUniversalTime()) : throw new StepFailedException($"S3 does not say when s3://{bucket}/{key} was stored."));
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html: neither of parts nor of objects encrypted with a KMS key
    private static bool IsMd5(GetObjectResponse response, string? etag) =>
        etag is { Length: 32 } && (response.ServerSideEncryptionMethod is null || response.ServerSideEncryptionMethod == ServerSideEncryptionMethod.AES256);
}
