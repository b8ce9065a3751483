using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The type of a feature's values: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_FeatureDefinition.html</summary>
public enum FeatureType
{
    /// <summary>A whole number of 64 bits.</summary>
    Integral,

    /// <summary>A floating point number of 64 bits.</summary>
    Fractional,

    /// <summary>Text in UTF-8.</summary>
    String,
}

/// <summary>Where a feature group stands: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeFeatureGroup.html</summary>
public enum FeatureGroupStatus
{
    /// <summary>It is being made.</summary>
    Creating,

    /// <summary>It takes records.</summary>
    Created,

    /// <summary>It could not be made; the failure reason says why.</summary>
    CreateFailed,

    /// <summary>It is being deleted.</summary>
    Deleting,

    /// <summary>It could not be deleted; the failure reason says why.</summary>
    DeleteFailed,
}

/// <summary>A feature's name and type.</summary>
public sealed record FeatureDefinition(
    [Length(1, 64), Pattern("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")] string FeatureName, FeatureType FeatureType);

/// <summary>How long a record lives in the online store, from its event time.</summary>
public sealed record TtlDuration(
    [OneOf("Seconds", "Minutes", "Hours", "Days", "Weeks")] string? Unit = null, [Range(1, int.MaxValue)] int? Value = null);

/// <summary>The key that the online store is encrypted with; kept and given back.</summary>
public sealed record OnlineStoreSecurityConfig([Length(0, 2048), Pattern("[a-zA-Z0-9:/_-]*")] string? KmsKeyId = null);

/// <summary>The online store, which holds the newest record of each identifier. It is on where <c>EnableOnlineStore</c> is true.</summary>
public sealed record OnlineStoreConfig(
    OnlineStoreSecurityConfig? SecurityConfig = null, bool? EnableOnlineStore = null, TtlDuration? TtlDuration = null,
    [OneOf("Standard", "InMemory")] string? StorageType = null);

/// <summary>Where the offline store's files lie. <c>ResolvedOutputS3Uri</c> is only answered.</summary>
public sealed record S3StorageConfig(
    [Length(0, 1024), Pattern("(https|s3)://([^/]+)/?(.*)")] string S3Uri,
    [Length(0, 2048), Pattern("[a-zA-Z0-9:/_-]*")] string? KmsKeyId = null,
    [Length(0, 1024), Pattern("(https|s3)://([^/]+)/?(.*)")] string? ResolvedOutputS3Uri = null);

/// <summary>The table of the Glue data catalog that describes the offline store. SageMaker names one where a group asks for none.</summary>
public sealed record DataCatalogConfig([Length(1, 255)] string TableName, [Length(1, 255)] string Catalog, [Length(1, 255)] string Database);

/// <summary>The offline store, which holds every record ever put, as Parquet files in S3.</summary>
public sealed record OfflineStoreConfig(
    S3StorageConfig S3StorageConfig, bool? DisableGlueTableCreation = null, DataCatalogConfig? DataCatalogConfig = null,
    [OneOf("Default", "Glue", "Iceberg")] string? TableFormat = null);

/// <summary>The throughput that is paid for; kept and given back.</summary>
public sealed record ThroughputConfig(
    [OneOf("OnDemand", "Provisioned")] string ThroughputMode,
    [Range(0, 10000000)] int? ProvisionedReadCapacityUnits = null, [Range(0, 10000000)] int? ProvisionedWriteCapacityUnits = null);

/// <summary>Makes a feature group: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateFeatureGroup.html</summary>
public sealed record CreateFeatureGroup(
    [Length(1, 64), Pattern("[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}")] string FeatureGroupName,
    [Length(1, 64), Pattern("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")] string RecordIdentifierFeatureName,
    [Length(1, 64), Pattern("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")] string EventTimeFeatureName,
    [Length(1, 2500)] IReadOnlyList<FeatureDefinition> FeatureDefinitions,
    OnlineStoreConfig? OnlineStoreConfig = null,
    OfflineStoreConfig? OfflineStoreConfig = null,
    ThroughputConfig? ThroughputConfig = null,
    [Length(20, 2048), Pattern(@"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+")] string? RoleArn = null,
    [Length(0, 128)] string? Description = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateFeatureGroup.Response>
{
    /// <summary>The group's ARN.</summary>
    public sealed record Response(string FeatureGroupArn);
}

/// <summary>A feature group by its name or ARN: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeFeatureGroup.html</summary>
public sealed record DescribeFeatureGroup(
    [Length(1, 256), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName, [Length(0, 8192)] string? NextToken = null)
    : IAwsRequest<DescribeFeatureGroup.Response>
{
    /// <summary>All that is known of the group. <c>OnlineStoreTotalSizeBytes</c> counts the bytes of the records that the online store holds.</summary>
    public sealed record Response(
        string FeatureGroupArn, string FeatureGroupName, string RecordIdentifierFeatureName, string EventTimeFeatureName,
        IReadOnlyList<FeatureDefinition> FeatureDefinitions, DateTimeOffset CreationTime, DateTimeOffset? LastModifiedTime = null,
        OnlineStoreConfig? OnlineStoreConfig = null, OfflineStoreConfig? OfflineStoreConfig = null, ThroughputConfig? ThroughputConfig = null,
        string? RoleArn = null, FeatureGroupStatus? FeatureGroupStatus = null, OfflineStoreStatus? OfflineStoreStatus = null,
        LastUpdateStatus? LastUpdateStatus = null, string? FailureReason = null, string? Description = null, string? NextToken = null,
        long? OnlineStoreTotalSizeBytes = null);
}

/// <summary>Whether records reach the offline store: <c>Active</c>, <c>Blocked</c> with a reason, or <c>Disabled</c>.</summary>
public sealed record OfflineStoreStatus(string Status, string? BlockedReason = null);

/// <summary>How the last update went: <c>Successful</c>, <c>Failed</c> or <c>InProgress</c>.</summary>
public sealed record LastUpdateStatus(string Status, string? FailureReason = null);

/// <summary>The part of the online store's configuration that an update changes.</summary>
public sealed record OnlineStoreConfigUpdate(TtlDuration? TtlDuration = null);

/// <summary>The throughput that an update asks for; kept and given back.</summary>
public sealed record ThroughputConfigUpdate(
    [OneOf("OnDemand", "Provisioned")] string? ThroughputMode = null,
    [Range(0, 10000000)] int? ProvisionedReadCapacityUnits = null, [Range(0, 10000000)] int? ProvisionedWriteCapacityUnits = null);

/// <summary>Adds features to a group, or changes its time to live: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureGroup.html</summary>
public sealed record UpdateFeatureGroup(
    [Length(1, 256), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Length(1, 100)] IReadOnlyList<FeatureDefinition>? FeatureAdditions = null,
    OnlineStoreConfigUpdate? OnlineStoreConfig = null,
    ThroughputConfigUpdate? ThroughputConfig = null) : IAwsRequest<UpdateFeatureGroup.Response>
{
    /// <summary>The group's ARN.</summary>
    public sealed record Response(string FeatureGroupArn);
}

/// <summary>Feature groups that pass all filters: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListFeatureGroups.html</summary>
public sealed record ListFeatureGroups(
    [Length(1, 64)] string? NameContains = null, FeatureGroupStatus? FeatureGroupStatusEquals = null,
    [OneOf("Active", "Blocked", "Disabled")] string? OfflineStoreStatusEquals = null,
    DateTimeOffset? CreationTimeAfter = null, DateTimeOffset? CreationTimeBefore = null,
    [OneOf("Ascending", "Descending")] string? SortOrder = null,
    [OneOf("Name", "FeatureGroupStatus", "OfflineStoreStatus", "CreationTime")] string? SortBy = null,
    [Range(1, 100)] int? MaxResults = null, [Length(0, 8192)] string? NextToken = null) : IAwsRequest<ListFeatureGroups.Response>
{
    /// <summary>A page of groups.</summary>
    public sealed record Response(IReadOnlyList<FeatureGroupSummary> FeatureGroupSummaries, string? NextToken = null);
}

/// <summary>A feature group in a listing.</summary>
public sealed record FeatureGroupSummary(
    string FeatureGroupName, string FeatureGroupArn, DateTimeOffset CreationTime,
    FeatureGroupStatus? FeatureGroupStatus = null, OfflineStoreStatus? OfflineStoreStatus = null);

/// <summary>Deletes a feature group and its online records; the offline store's files stay: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteFeatureGroup.html</summary>
public sealed record DeleteFeatureGroup(
    [Length(1, 64), Pattern("[a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63}")] string FeatureGroupName) : IAwsRequest<EmptyResponse>;

/// <summary>How operations name a feature group.</summary>
public static class FeatureGroupNames
{
    /// <summary>The pattern of a group's name or ARN.</summary>
    public const string NameOrArn = @"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:feature-group\/)?([a-zA-Z0-9]([_-]*[a-zA-Z0-9]){0,63})";
}
