using System.Net;
using System.Text.Json;
using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Ingest;

/// <summary>
/// How far the load of a content into a feature group came: an object of S3 beside the data sets. It is written after
/// each block of rows, so that a load that was interrupted, or a file that grew at its end, goes on from there.
/// </summary>
/// <param name="FeatureGroupArn">The group.</param>
/// <param name="GroupCreationTime">When it was made: a new group of the same name has nothing of this load.</param>
/// <param name="ContentHash">The hash of all rows of the file.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="RowsDone">How many of them, from the first, are loaded.</param>
/// <param name="DoneHash">The hash of those.</param>
/// <param name="EventTime">The event time of rows that have none.</param>
/// <param name="OfflineBlockDone">In a bulk load, whether the block after <see cref="RowsDone"/> is in the offline store already.</param>
/// <param name="BlockRows">The rows of a block of this load.</param>
/// <param name="Bulk">Whether it is a bulk load, which only a bulk load can finish: its files' names tell which rows they have.</param>
/// <param name="OfflineOnly">Whether it left the online store as it was.</param>
internal sealed record LoadManifest(
    string FeatureGroupArn, DateTimeOffset GroupCreationTime, string ContentHash, long Rows, long RowsDone, string DoneHash,
    DateTimeOffset? EventTime, bool OfflineBlockDone, int BlockRows, bool Bulk, bool OfflineOnly = false);

/// <summary>The manifests of a feature group's loads.</summary>
internal sealed class LoadManifests(IAmazonS3 s3, IngestOptions options)
{
    private string Prefix => $"datasets/.loads/{options.GroupName}/";

    /// <summary>The manifests of the loads into this group, and not into an earlier one of its name.</summary>
    public async Task<List<LoadManifest>> List(DescribeFeatureGroup.Response group, CancellationToken cancellation)
    {
        var found = new List<LoadManifest>();
        var pages = s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = options.Bucket, Prefix = Prefix });
        await foreach (var item in pages.S3Objects.WithCancellation(cancellation))
        {
            using var response = await s3.GetObjectAsync(options.Bucket, item.Key, cancellation);
            var manifest = await JsonSerializer.DeserializeAsync<LoadManifest>(response.ResponseStream, cancellationToken: cancellation);
            if (manifest is not null && manifest.FeatureGroupArn == group.FeatureGroupArn && manifest.GroupCreationTime == group.CreationTime)
            {
                found.Add(manifest);
            }
        }

        return found;
    }

    /// <summary>Writes a manifest in the place of that of the same content.</summary>
    public async Task Save(LoadManifest manifest, CancellationToken cancellation)
    {
        using var body = new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(manifest));
        var put = new PutObjectRequest { BucketName = options.Bucket, Key = $"{Prefix}{manifest.ContentHash}.json", InputStream = body, ContentType = "application/json" };
        if (options.KmsKeyArn is { } key)
        {
            put.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            put.ServerSideEncryptionKeyManagementServiceKeyId = key;
        }

        await s3.PutObjectAsync(put, cancellation);
    }
}

/// <summary>The CSV's copy in S3.</summary>
internal static class CsvUpload
{
    private const string HashName = "slipway-content";

    /// <summary>Uploads the copy, in parts where it is large, unless S3 has this content already.</summary>
    public static async Task Run(IAmazonS3 s3, IngestOptions options, string path, string hash, CancellationToken cancellation)
    {
        if (await Uploaded(s3, options, cancellation) == hash)
        {
            return;
        }

        using var transfer = new Amazon.S3.Transfer.TransferUtility(s3);
        var upload = new Amazon.S3.Transfer.TransferUtilityUploadRequest { BucketName = options.Bucket, Key = options.CsvKey, FilePath = path, ContentType = "text/csv", ChecksumAlgorithm = ChecksumAlgorithm.SHA256 };
        upload.Metadata[HashName] = hash;
        if (options.KmsKeyArn is { } key)
        {
            upload.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
            upload.ServerSideEncryptionKeyManagementServiceKeyId = key;
        }

        await transfer.UploadAsync(upload, cancellation);
    }

    private static async Task<string?> Uploaded(IAmazonS3 s3, IngestOptions options, CancellationToken cancellation)
    {
        try
        {
            var found = await s3.GetObjectMetadataAsync(options.Bucket, options.CsvKey, cancellation);
            return found.Metadata[HashName];
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
