using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Steps.StepHost;
using Slipway.Workflow.Pipelines;

namespace Slipway.Steps.Evaluate;

/// <summary>
/// The version of <c>MODEL_PACKAGE_GROUP_NAME</c> that holds this very model already: the model at <c>MODEL_DATA_URL</c>
/// is another version's where a pipeline's cache gave an earlier training's result.
/// </summary>
internal static class RegisteredModel
{
    private const int MostAtOnce = 100;

    /// <summary>The version's ARN, the newest where there are several, or <see cref="Evaluation.None"/>.</summary>
    /// <exception cref="StepFailedException">The group's versions can't be read.</exception>
    public static async Task<string> FindAsync(StepContext context, CancellationToken cancellation)
    {
        if (context.Variable("MODEL_PACKAGE_GROUP_NAME") is not { } group || context.Variable("MODEL_DATA_URL") is not { } url)
        {
            return Evaluation.None;
        }
        using var session = context.Environment.Aws();
        try
        {
            string? token = null;
            do
            {
                var page = await session.Aws.Send(new ListModelPackages(
                    ModelPackageGroupName: group, SortBy: "CreationTime", SortOrder: SortOrder.Descending, MaxResults: MostAtOnce, NextToken: token), cancellation);
                var arns = page.ModelPackageSummaryList.Select(v => v.ModelPackageArn).ToList();
                if (arns.Count > 0)
                {
                    var versions = (await session.Aws.Send(new BatchDescribeModelPackage(arns), cancellation)).ModelPackageSummaries ?? new Dictionary<string, BatchDescribeModelPackageSummary>();
                    if (arns.FirstOrDefault(arn => versions.TryGetValue(arn, out var version) && version.InferenceSpecification?.Containers.Any(c => c.ModelDataUrl == url) == true) is { } found)
                    {
                        return found;
                    }
                }
                token = page.NextToken;
            }
            while (token is not null);
            return Evaluation.None;
        }
        catch (AwsException e) when (Champion.IsAbsent(e))
        {
            return Evaluation.None;
        }
        catch (AwsException e)
        {
            throw new StepFailedException($"The versions of {group} can't be read: {e.Message}", e);
        }
    }
}
