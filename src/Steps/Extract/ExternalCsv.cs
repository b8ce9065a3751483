using Amazon.Runtime;
using Slipway.Steps.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Extract;

/// <summary>Reads the CSV in S3 that <c>EXTERNAL_CSV_URI</c> names.</summary>
internal static class ExternalCsv
{
    /// <summary>
    /// Copies the object here and reads it. Rows that take their event time from the load get the object's own time, so
    /// that the same object gives the same data whenever it is read.
    /// </summary>
    /// <returns>The object that was read.</returns>
    /// <exception cref="StepFailedException">There is no such object, it is no CSV, or some row is bad.</exception>
    public static async Task<IReadOnlyList<LineageObject>> ReadAsync(
        Duck duck, DataSetSpecification specification, StepContext context, string uri, CancellationToken cancellation)
    {
        var place = S3Address.Parse(uri);
        var name = place.Key[(place.Key.LastIndexOf('/') + 1)..];
        if (!name.EndsWith(".csv", StringComparison.Ordinal))
        {
            throw new StepFailedException($"EXTERNAL_CSV_URI must name an object that ends in .csv; it is '{uri}'.");
        }
        var folder = Directory.CreateDirectory(Path.Combine(duck.Scratch, "csv")).FullName;
        using var aws = context.Environment.Aws();
        try
        {
            var (found, stored) = await OfflineStoreFiles.DownloadAsync(aws.S3, place.Bucket, place.Key, Path.Combine(folder, name), cancellation);
            CsvSource.Read(duck, specification, folder, stored, cancellation);
            return [found];
        }
        catch (AmazonServiceException e)
        {
            throw new StepFailedException($"{uri}, which EXTERNAL_CSV_URI names, can't be read: {e.Message}", e);
        }
    }
}
