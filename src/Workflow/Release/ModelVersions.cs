using System.Globalization;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Release;

/// <summary>The versions of a model package group, and a person's decision on them.</summary>
public sealed class ModelVersions(AwsSession session, string group)
{
    /// <summary>Every version, the newest first.</summary>
    public async Task<IReadOnlyList<ModelPackageSummary>> List(ModelApprovalStatus? status = null, CancellationToken cancellation = default)
    {
        var versions = new List<ModelPackageSummary>();
        string? token = null;
        do
        {
            var page = await session.Aws.Send(
                new ListModelPackages(ModelPackageGroupName: group, ModelApprovalStatus: status, NextToken: token, MaxResults: 100), cancellation);
            versions.AddRange(page.ModelPackageSummaryList);
            token = page.NextToken;
        }
        while (token is not null);
        return [.. versions.OrderByDescending(v => v.ModelPackageVersion)];
    }

    /// <summary>A version by its number, or the newest one with a status.</summary>
    /// <exception cref="BadInputException">There is none.</exception>
    public async Task<DescribeModelPackage.Response> Find(int? version, ModelApprovalStatus? status, CancellationToken cancellation)
    {
        var versions = await List(version is null ? status : null, cancellation);
        var found = version is null ? versions.FirstOrDefault() : versions.FirstOrDefault(v => v.ModelPackageVersion == version);
        if (found is null)
        {
            var wanted = version is null ? $"{(status is null ? "" : status + " ")}version" : string.Create(CultureInfo.InvariantCulture, $"version {version}");
            throw new BadInputException($"{group} has no {wanted}. ./slipway models list shows what it has.");
        }

        return await session.Aws.Send(new DescribeModelPackage(found.ModelPackageArn), cancellation);
    }

    /// <summary>Approves or rejects a version, with the person's words.</summary>
    public async Task Decide(string modelPackageArn, ModelApprovalStatus decision, string? words, CancellationToken cancellation) =>
        await session.Aws.Send(new UpdateModelPackage(modelPackageArn, ModelApprovalStatus: decision, ApprovalDescription: words), cancellation);
}
