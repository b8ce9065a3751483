using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.SageMaker;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>SageMaker's feature groups: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html</summary>
internal sealed class FeatureGroups(LocalAwsOptions options, Database database, Tags tags, FeatureGroupRules rules, ObjectStore objects)
{
    private readonly Table<FeatureGroup> _groups = new(database, "feature-group", g => g.Name);

    // every record that is put asks for its group
    private readonly ConcurrentDictionary<string, FeatureGroup> _known = new();

    public CreateFeatureGroup.Response Create(CreateFeatureGroup request, Caller caller)
    {
        rules.Check(request);
        var now = options.Time.GetUtcNow();
        var features = request.FeatureDefinitions.Select(f => new Feature(f.FeatureName, f.FeatureType, now, now));
        var id = BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(8)) & long.MaxValue;
        var arn = caller.Arn("sagemaker", "feature-group/" + request.FeatureGroupName);
        var group = new FeatureGroup(
            id, request.FeatureGroupName, arn, request.RecordIdentifierFeatureName, request.EventTimeFeatureName,
            [.. features], now, FeatureGroupStatus.Created)
        {
            Online = request.OnlineStoreConfig,
            Offline = Resolve(request.OfflineStoreConfig, request.FeatureGroupName, now, caller),
            Throughput = request.ThroughputConfig ?? new ThroughputConfig("OnDemand"),
            RoleArn = request.RoleArn,
            Description = request.Description,
        };
        if (group.Offline is { } offline && !objects.BucketExists(S3Uri.Parse(offline.S3StorageConfig.S3Uri).Bucket))
        {
            group = group with { Status = FeatureGroupStatus.CreateFailed, FailureReason = $"The bucket of {offline.S3StorageConfig.S3Uri} does not exist." };
        }

        database.Write(_ =>
        {
            if (!_groups.Insert(group))
            {
                throw AwsErrors.ResourceInUse($"Resource Already Exists: FeatureGroup with name {request.FeatureGroupName} already exists.");
            }

            tags.Create(arn, request.Tags);
        });
        return new(arn);
    }

    public ListFeatureGroups.Response List(ListFeatureGroups request)
    {
        var found = _groups.All().Where(g =>
            (request.NameContains is null || g.Name.Contains(request.NameContains, StringComparison.OrdinalIgnoreCase))
            && (request.FeatureGroupStatusEquals is null || g.Status == request.FeatureGroupStatusEquals)
            && (request.OfflineStoreStatusEquals is null || (g.OfflineStatus()?.Status ?? "Disabled") == request.OfflineStoreStatusEquals)
            && (request.CreationTimeAfter is null || g.CreationTime > request.CreationTimeAfter)
            && (request.CreationTimeBefore is null || g.CreationTime < request.CreationTimeBefore));
        var sorted = (request.SortBy ?? "CreationTime") switch
        {
            "Name" => found.OrderBy(g => g.Name, StringComparer.Ordinal),
            "FeatureGroupStatus" => found.OrderBy(g => g.Status.ToString(), StringComparer.Ordinal),
            "OfflineStoreStatus" => found.OrderBy(g => g.OfflineStatus()?.Status, StringComparer.Ordinal),
            _ => found.OrderBy(g => g.CreationTime),
        };
        var ordered = request.SortOrder == "Descending" ? sorted.Reverse() : sorted;
        var page = Page.Of(ordered, g => g.Name, request.NextToken, request.MaxResults ?? 100);
        return new([.. page.Items.Select(g => new FeatureGroupSummary(g.Name, g.Arn, g.CreationTime, g.Status, g.OfflineStatus()))], page.NextToken);
    }

    public UpdateFeatureGroup.Response Update(UpdateFeatureGroup request)
    {
        if (request.FeatureAdditions is null && request.OnlineStoreConfig is null && request.ThroughputConfig is null)
        {
            throw AwsErrors.Validation("UpdateFeatureGroup needs FeatureAdditions, OnlineStoreConfig or ThroughputConfig.");
        }

        FeatureGroupRules.CheckTtl(request.OnlineStoreConfig?.TtlDuration);
        return new(Change(request.FeatureGroupName, group => Updated(group, request)).Arn);
    }

    /// <summary>A group by its name or ARN, or null.</summary>
    public FeatureGroup? Find(string nameOrArn)
    {
        var name = NameOf(nameOrArn);
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        // read and remembered inside the writer's turn, so that no older state replaces that of a change
        return database.Write(_ => _groups.Find(name) is { } group ? _known[name] = group : null);
    }

    /// <summary>A group by its name or ARN.</summary>
    /// <exception cref="AwsException">ResourceNotFound.</exception>
    public FeatureGroup Require(string nameOrArn) => Find(nameOrArn) ?? throw NotFound(nameOrArn);

    /// <summary>Every group in the order of its name.</summary>
    public List<FeatureGroup> All() => _groups.All();

    /// <summary>Changes a group.</summary>
    /// <exception cref="AwsException">ResourceNotFound.</exception>
    public FeatureGroup Change(string nameOrArn, Func<FeatureGroup, FeatureGroup> change) => database.Write(_ =>
    {
        var changed = _groups.Change(NameOf(nameOrArn), change) ?? throw NotFound(nameOrArn);
        _known.TryRemove(changed.Name, out var _);
        return changed;
    });

    /// <summary>Removes a group and its tags.</summary>
    public void Remove(FeatureGroup group) => database.Write(_ =>
    {
        _groups.Delete(group.Name);
        tags.Forget(group.Arn);
        _known.TryRemove(group.Name, out var _);
    });

    private FeatureGroup Updated(FeatureGroup group, UpdateFeatureGroup request)
    {
        if (group.Status != FeatureGroupStatus.Created)
        {
            throw AwsErrors.Validation($"FeatureGroup {group.Name} is {group.Status}; only one that is Created can be updated.");
        }

        var now = options.Time.GetUtcNow();
        var additions = request.FeatureAdditions ?? [];
        FeatureGroupRules.CheckAdditions(group, additions);
        if (request.OnlineStoreConfig is not null && !group.HasOnline())
        {
            throw AwsErrors.Validation($"FeatureGroup {group.Name} has no online store to update.");
        }

        return group with
        {
            Features = [.. group.Features, .. additions.Select(f => new Feature(f.FeatureName, f.FeatureType, now, now))],
            Online = request.OnlineStoreConfig is { } online ? group.Online! with { TtlDuration = online.TtlDuration } : group.Online,
            Throughput = request.ThroughputConfig is { } t
                ? new(t.ThroughputMode ?? group.Throughput!.ThroughputMode, t.ProvisionedReadCapacityUnits, t.ProvisionedWriteCapacityUnits)
                : group.Throughput,
            LastModifiedTime = now,
            LastUpdate = new("Successful"),
        };
    }

    private OfflineStoreConfig? Resolve(OfflineStoreConfig? config, string name, DateTimeOffset created, Caller caller)
    {
        if (config is null)
        {
            return null;
        }

        var storage = config.S3StorageConfig;
        var second = created.ToUnixTimeSeconds();
        var place = Place();
        while (objects.List(place.Bucket, place.Key + "/", "", 1).Count > 0)
        {
            // a group of this name was made and deleted within this second: its files are not this one's
            second++;
            place = Place();
        }

        return config with
        {
            S3StorageConfig = storage with { ResolvedOutputS3Uri = place.ToString() },
            TableFormat = config.TableFormat ?? "Glue",
            // SageMaker names the table of each group that asks for none, and clients rely on it
            DataCatalogConfig = config.DisableGlueTableCreation == true
                ? null
                : config.DataCatalogConfig ?? new($"{name.Replace('-', '_')}_{second}", "AwsDataCatalog", "sagemaker_featurestore"),
        };

        S3Uri Place() => S3Uri.Parse($"{storage.S3Uri.TrimEnd('/')}/{caller.AccountId}/sagemaker/{caller.Region}/offline-store/{name}-{second}/data");
    }

    private static string NameOf(string nameOrArn) => nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];

    private static AwsException NotFound(string name) => AwsErrors.ResourceNotFound($"Resource Not Found: FeatureGroup {name} does not exist.");
}
