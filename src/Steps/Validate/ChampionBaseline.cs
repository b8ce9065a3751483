using Amazon.Runtime;
using Amazon.S3;
using Slipway.Aws.Client;
using Slipway.Aws.Wire;
using Slipway.Steps.Evaluate;
using Slipway.Steps.StepHost;
using Slipway.Workflow;

namespace Slipway.Steps.Validate;

/// <summary>Finds the statistics that the data is compared with.</summary>
internal static class ChampionBaseline
{
    /// <summary>
    /// The input <c>baseline/statistics.json</c> where the job has one; else the statistics that the newest Approved version
    /// of <c>MODEL_PACKAGE_GROUP_NAME</c> was registered with.
    /// </summary>
    /// <returns>The baseline and where it came from, both null where there is none; and why there is none.</returns>
    /// <exception cref="StepFailedException">There is one and it can't be read.</exception>
    public static async Task<(Baseline? Baseline, string? Source, string Words)> FindAsync(StepContext context, CancellationToken cancellation)
    {
        var path = Path.Combine(context.Root, "processing", "input", "baseline", "statistics.json");
        if (File.Exists(path))
        {
            return (Read(await File.ReadAllTextAsync(path, cancellation)), path, "");
        }
        if (context.Variable("MODEL_PACKAGE_GROUP_NAME") is not { } group)
        {
            return (null, null, "There is no champion to compare with: MODEL_PACKAGE_GROUP_NAME names no group.");
        }
        using var session = context.Environment.Aws();
        try
        {
            return await OfGroupAsync(session, group, cancellation);
        }
        catch (AwsException e) when (Champion.IsAbsent(e))
        {
            return (null, null, $"There is no champion to compare with: {e.Message}");
        }
        catch (Exception e) when (e is AwsException or AmazonServiceException)
        {
            throw new StepFailedException($"The champion's baseline can't be read: {e.Message}", e);
        }
    }

    private static async Task<(Baseline? Baseline, string? Source, string Words)> OfGroupAsync(
        AwsSession session, string group, CancellationToken cancellation)
    {
        if (await Champion.NewestAsync(session, group, cancellation) is not { } champion)
        {
            return (null, null, $"There is no champion to compare with: no version of {group} is Approved.");
        }
        if (champion.ModelMetrics?.ModelDataQuality?.Statistics?.S3Uri is not { } uri)
        {
            return (null, null, $"The champion {champion.ModelPackageArn} was registered without data statistics.");
        }
        return (Read(await DownloadAsync(session.S3, uri, cancellation)), champion.ModelPackageArn, "");
    }

    private static async Task<string> DownloadAsync(IAmazonS3 s3, string uri, CancellationToken cancellation)
    {
        var location = S3Address.Parse(uri);
        using var response = await s3.GetObjectAsync(location.Bucket, location.Key, cancellation);
        using var reader = new StreamReader(response.ResponseStream);
        return await reader.ReadToEndAsync(cancellation);
    }

    private static Baseline Read(string json)
    {
        try
        {
            return Baseline.Read(json);
        }
        catch (InvalidDataException e)
        {
            throw new StepFailedException(e.Message, e);
        }
    }
}
