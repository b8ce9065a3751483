using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Transfer;
using Slipway.Steps.StepHost;
using Slipway.Workflow;

namespace Slipway.Steps.Extract;

/// <summary>
/// The place of extracted data in S3, named by its content: the same rows lie at the same place, so that the steps
/// after this one have the same inputs, and a pipeline's cache finds what came of them.
/// </summary>
internal static class DataPlace
{
    /// <summary>Puts the data under <c>DATA_URI</c>, where it does not lie yet.</summary>
    /// <returns>The folder with the one file, or null where <c>DATA_URI</c> is not set.</returns>
    /// <exception cref="StepFailedException">S3 does not take it.</exception>
    public static async Task<string?> KeepAsync(StepContext context, string path, string sha256, CancellationToken cancellation)
    {
        if (context.Variable("DATA_URI") is not { } root)
        {
            return null;
        }
        var folder = $"{root.TrimEnd('/')}/{sha256}";
        var place = S3Address.Parse($"{folder}/data.parquet");
        using var aws = context.Environment.Aws();
        try
        {
            if (!await IsThereAsync(aws.S3, place, cancellation))
            {
                // a single PutObject ends at 5 GB
                using var transfer = new TransferUtility(aws.S3);
                await transfer.UploadAsync(path, place.Bucket, place.Key, cancellation);
            }
        }
        catch (AmazonServiceException e)
        {
            throw new StepFailedException($"The data can't be kept in s3://{place.Bucket}/{place.Key}: {e.Message}", e);
        }
        return folder;
    }

    private static async Task<bool> IsThereAsync(IAmazonS3 s3, S3Address place, CancellationToken cancellation)
    {
        try
        {
            await s3.GetObjectMetadataAsync(place.Bucket, place.Key, cancellation);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }
}
