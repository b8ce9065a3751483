using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>What SageMaker asks of a feature group: https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-create-feature-group.html</summary>
internal sealed class FeatureGroupRules(Roles roles)
{
    public const int MostFeatures = 2500;
    private static readonly string[] Reserved = ["is_deleted", "write_time", "api_invocation_time"];

    /// <summary>Checks a new group.</summary>
    internal void Check(CreateFeatureGroup request)
    {
        CheckNames(request.FeatureDefinitions);
        var types = request.FeatureDefinitions.ToDictionary(f => f.FeatureName, f => f.FeatureType);
        if (!types.ContainsKey(request.RecordIdentifierFeatureName))
        {
            throw AwsErrors.Validation($"RecordIdentifierFeatureName '{request.RecordIdentifierFeatureName}' must be one of the FeatureDefinitions.");
        }

        if (!types.TryGetValue(request.EventTimeFeatureName, out var eventTime))
        {
            throw AwsErrors.Validation($"EventTimeFeatureName '{request.EventTimeFeatureName}' must be one of the FeatureDefinitions.");
        }

        if (eventTime == FeatureType.Integral)
        {
            throw AwsErrors.Validation($"EventTimeFeatureName '{request.EventTimeFeatureName}' must be of the type String or Fractional.");
        }

        CheckStores(request);
    }

    /// <summary>Checks features that are added to a group.</summary>
    public static void CheckAdditions(FeatureGroup group, IReadOnlyList<FeatureDefinition> additions)
    {
        var all = group.Features.Select(f => new FeatureDefinition(f.Name, f.Type)).Concat(additions).ToList();
        CheckNames(all);
        if (all.Count > MostFeatures)
        {
            throw AwsErrors.ResourceLimitExceeded($"A feature group has at most {MostFeatures} features; {group.Name} would have {all.Count}.");
        }
    }

    /// <summary>Checks a time to live, which needs both its members.</summary>
    public static void CheckTtl(TtlDuration? ttl)
    {
        if (ttl is not null && (ttl.Unit is null || ttl.Value is null))
        {
            throw AwsErrors.Validation("TtlDuration needs both Unit and Value.");
        }
    }

    private static void CheckNames(IReadOnlyList<FeatureDefinition> features)
    {
        // names become columns of tables that don't tell case
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var feature in features)
        {
            if (Reserved.Contains(feature.FeatureName, StringComparer.OrdinalIgnoreCase))
            {
                throw AwsErrors.Validation($"The feature name '{feature.FeatureName}' is reserved: it can't be any of {string.Join(", ", Reserved)}.");
            }

            if (!seen.Add(feature.FeatureName))
            {
                throw AwsErrors.Validation($"The feature name '{feature.FeatureName}' is there more than once; names must differ in more than case.");
            }
        }
    }

    private void CheckStores(CreateFeatureGroup request)
    {
        if (request.OnlineStoreConfig?.EnableOnlineStore != true && request.OfflineStoreConfig is null)
        {
            throw AwsErrors.Validation("A feature group needs an OnlineStoreConfig with EnableOnlineStore true, an OfflineStoreConfig, or both.");
        }

        CheckTtl(request.OnlineStoreConfig?.TtlDuration);
        if (request.OfflineStoreConfig is { } offline)
        {
            if (offline.TableFormat == "Iceberg")
            {
                throw AwsErrors.NotImplemented("CreateFeatureGroup.OfflineStoreConfig.TableFormat Iceberg");
            }

            if (!offline.S3StorageConfig.S3Uri.StartsWith("s3://", StringComparison.Ordinal))
            {
                throw AwsErrors.NotImplemented("CreateFeatureGroup.OfflineStoreConfig.S3StorageConfig.S3Uri other than s3://");
            }

            if (offline.DisableGlueTableCreation == true && offline.DataCatalogConfig is not null)
            {
                throw AwsErrors.Validation("DataCatalogConfig can't be given where DisableGlueTableCreation is true.");
            }
        }

        if (request.RoleArn is null && request.OfflineStoreConfig is not null)
        {
            throw AwsErrors.Validation("RoleArn is required where OfflineStoreConfig is given.");
        }

        if (request.RoleArn is { } role)
        {
            roles.Require(role);
        }
    }
}
