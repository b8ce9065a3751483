using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>What is told of each feature of a group: https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-search.html</summary>
internal sealed class FeatureMetadata(FeatureGroups groups, TimeProvider time)
{
    private const int MostParameters = 25;

    public DescribeFeatureMetadata.Response Describe(DescribeFeatureMetadata request)
    {
        var group = groups.Require(request.FeatureGroupName);
        return Metadata(group, Require(group, request.FeatureName));
    }

    /// <summary>What each feature of a group is.</summary>
    /// <exception cref="AwsException">ResourceNotFound.</exception>
    public IEnumerable<DescribeFeatureMetadata.Response> All(string nameOrArn)
    {
        var group = groups.Require(nameOrArn);
        return group.Features.Select(f => Metadata(group, f));
    }

    public void Update(UpdateFeatureMetadata request) => groups.Change(request.FeatureGroupName, group =>
    {
        var feature = Require(group, request.FeatureName);
        var added = (request.ParameterAdditions ?? []).Select(p => p.Key).Concat(request.ParameterRemovals ?? []).ToHashSet();
        List<FeatureParameter> kept = [.. (feature.Parameters ?? []).Where(p => !added.Contains(p.Key)), .. request.ParameterAdditions ?? []];
        if (kept.Count > MostParameters)
        {
            throw AwsErrors.Validation($"A feature has at most {MostParameters} parameters; '{feature.Name}' would have {kept.Count}.");
        }

        var changed = feature with { Description = request.Description ?? feature.Description, Parameters = kept, LastModifiedTime = time.GetUtcNow() };
        return group with { Features = [.. group.Features.Select(f => f == feature ? changed : f)] };
    });

    private static DescribeFeatureMetadata.Response Metadata(FeatureGroup group, Feature feature) =>
        new(group.Arn, group.Name, feature.Name, feature.Type, feature.CreationTime, feature.LastModifiedTime, feature.Description, feature.Parameters);

    private static Feature Require(FeatureGroup group, string feature) => group.Features.FirstOrDefault(f => f.Name == feature)
        ?? throw AwsErrors.ResourceNotFound($"Resource Not Found: FeatureGroup {group.Name} has no feature {feature}.");
}
