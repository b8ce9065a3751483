using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.ModelServer.Models;
using Slipway.Steps.Rows;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;
using Slipway.Workflow;

namespace Slipway.Steps.Evaluate;

/// <summary>The champion: the newest Approved version of <c>MODEL_PACKAGE_GROUP_NAME</c>.</summary>
internal static class Champion
{
    /// <summary>Judges the champion on the same rows.</summary>
    /// <param name="context">Where AWS is, and the group's name.</param>
    /// <param name="encoder">The encoder that the rows went through.</param>
    /// <param name="test">The rows.</param>
    /// <param name="cancellation">Ends the download.</param>
    /// <exception cref="StepFailedException">There is a champion and it can't be read.</exception>
    public static async Task<ChampionResult> CompareAsync(StepContext context, Encoder encoder, EncodedRows test, CancellationToken cancellation)
    {
        if (context.Variable("MODEL_PACKAGE_GROUP_NAME") is not { } group)
        {
            return new ChampionResult(null, null, "There is no champion to compare with: MODEL_PACKAGE_GROUP_NAME names no group.");
        }
        using var session = context.Environment.Aws();
        try
        {
            var (arn, model) = await FindAsync(session, group, cancellation);
            return arn is null ? new ChampionResult(null, null, $"There is no champion to compare with: no version of {group} is Approved.") : Compare(arn, model!, encoder, test);
        }
        catch (AwsException e) when (IsAbsent(e))
        {
            return new ChampionResult(null, null, $"There is no champion to compare with: {e.Message}");
        }
        catch (Exception e) when (e is AwsException or AmazonServiceException or InvalidDataException)
        {
            throw new StepFailedException($"The champion of {group} can't be read: {e.Message}", e);
        }
    }

    /// <summary>Whether the group is not there: one that nothing was registered in yet need not be.</summary>
    internal static bool IsAbsent(AwsException e) =>
        e.Code is "ValidationException" or "ResourceNotFound" && e.Message.Contains("does not exist", StringComparison.Ordinal);

    /// <summary>The newest Approved version of a group; null where none is.</summary>
    internal static async Task<DescribeModelPackage.Response?> NewestAsync(AwsSession session, string group, CancellationToken cancellation)
    {
        var newest = await session.Aws.Send(new ListModelPackages(ModelPackageGroupName: group,
            ModelApprovalStatus: ModelApprovalStatus.Approved, SortBy: "CreationTime", SortOrder: SortOrder.Descending, MaxResults: 1), cancellation);
        return newest.ModelPackageSummaryList is [var champion, ..] ? await session.Aws.Send(new DescribeModelPackage(champion.ModelPackageArn), cancellation) : null;
    }

    /// <summary>Judges a champion on rows that went through another model's encoder.</summary>
    /// <returns>No AUC where the champion takes inputs that the rows don't have, and the reason.</returns>
    internal static ChampionResult Compare(string arn, Model champion, Encoder encoder, EncodedRows test)
    {
        var columns = new int[champion.Encoder.InputNames.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            var name = champion.Encoder.InputNames[i];
            columns[i] = test.InputNames.ToList().IndexOf(name);
            if (columns[i] < 0 || Meaning(champion.Encoder, name) != Meaning(encoder, name))
            {
                return new ChampionResult(arn, null,
                    $"The champion {arn} is not compared: its input '{name}' {(columns[i] < 0 ? "is not among this model's inputs" : "is encoded otherwise than this model's")}.");
            }
        }
        var inputs = new float[test.Count * columns.Length];
        for (var i = 0; i < inputs.Length; i++)
        {
            inputs[i] = test.Inputs[(i / columns.Length * test.Width) + columns[i % columns.Length]];
        }
        var auc = Ranking.Auc(champion.Forest.PredictRows(inputs), test.Labels);
        return new ChampionResult(arn, auc, FormattableString.Invariant($"The champion {arn} scores AUC {auc:F4} on the same rows."));
    }

    // An indicator means the same as long as its feature does, which is an input itself.
    private static string Meaning(Encoder encoder, string name) => encoder.Features.FirstOrDefault(feature => feature.Column == name) switch
    {
        CategoryFeature category => "one of " + string.Join('\0', category.Values),
        NumberFeature => "a number",
        _ => encoder.Features.FirstOrDefault(feature => feature.KnownIndicator == name) is { } of ? "whether known: " + of.Column : "",
    };

    private static async Task<(string? Arn, Model? Model)> FindAsync(AwsSession session, string group, CancellationToken cancellation)
    {
        if (await NewestAsync(session, group, cancellation) is not { } champion)
        {
            return (null, null);
        }
        var uri = champion.InferenceSpecification?.Containers[0].ModelDataUrl
            ?? throw new InvalidDataException($"{champion.ModelPackageArn} names no ModelDataUrl.");
        var location = S3Address.Parse(uri);
        var archive = Path.GetTempFileName();
        try
        {
            using (var response = await session.S3.GetObjectAsync(location.Bucket, location.Key, cancellation))
            await using (var file = File.Create(archive))
            {
                await response.ResponseStream.CopyToAsync(file, cancellation);
            }
            return (champion.ModelPackageArn, Model.LoadArchive(archive));
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
