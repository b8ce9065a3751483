using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>A feature of a group, as it is kept.</summary>
internal sealed record Feature(
    string Name, FeatureType Type, DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime,
    string? Description = null, IReadOnlyList<FeatureParameter>? Parameters = null);

/// <summary>A feature group, as it is kept.</summary>
/// <param name="StoreId">The number under which the records of this group, and of no other of its name, are kept.</param>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="RecordIdentifierFeatureName">The feature that identifies a record.</param>
/// <param name="EventTimeFeatureName">The feature that times a record.</param>
/// <param name="Features">Its features, in the order in which they came.</param>
/// <param name="CreationTime">When it was made.</param>
/// <param name="Status">Where it stands.</param>
internal sealed record FeatureGroup(
    long StoreId, string Name, string Arn, string RecordIdentifierFeatureName, string EventTimeFeatureName,
    IReadOnlyList<Feature> Features, DateTimeOffset CreationTime, FeatureGroupStatus Status)
{
    private Dictionary<string, FeatureType>? _types;

    public DateTimeOffset? LastModifiedTime { get; init; }

    public OnlineStoreConfig? Online { get; init; }

    public OfflineStoreConfig? Offline { get; init; }

    public ThroughputConfig? Throughput { get; init; }

    public string? RoleArn { get; init; }

    public string? Description { get; init; }

    public string? FailureReason { get; init; }

    /// <summary>Why records can't be written to the offline store at present, or null.</summary>
    public string? BlockedReason { get; init; }

    public LastUpdateStatus? LastUpdate { get; init; }

    /// <summary>The type of a feature, or null where the group has none of that name.</summary>
    public FeatureType? TypeOf(string feature) =>
        (_types ??= Features.ToDictionary(f => f.Name, f => f.Type)).TryGetValue(feature, out var type) ? type : null;

    /// <summary>Whether it has an online store.</summary>
    public bool HasOnline() => Online?.EnableOnlineStore == true;

    /// <summary>Whether its records reach the offline store; null where it has none.</summary>
    public OfflineStoreStatus? OfflineStatus() =>
        Offline is null ? null : BlockedReason is null ? new("Active") : new("Blocked", BlockedReason);
}
