using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The state of an endpoint.</summary>
public enum EndpointStatus
{
    /// <summary>It can't take requests; SageMaker's own, no endpoint of local AWS is in it.</summary>
    OutOfService,

    /// <summary>Its first servers are starting.</summary>
    Creating,

    /// <summary>It serves while its new servers are starting.</summary>
    Updating,

    /// <summary>SageMaker is maintaining it; no endpoint of local AWS is in this state.</summary>
    SystemUpdating,

    /// <summary>It goes back to the configuration before.</summary>
    RollingBack,

    /// <summary>It takes requests.</summary>
    InService,

    /// <summary>It is being deleted.</summary>
    Deleting,

    /// <summary>It could not be made; it can only be deleted.</summary>
    Failed,

    /// <summary>Neither the update nor the way back succeeded; it can only be deleted.</summary>
    UpdateRollbackFailed,
}

/// <summary>How an update moves the traffic: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeploymentConfig.html</summary>
public sealed record DeploymentConfig(BlueGreenUpdatePolicy? BlueGreenUpdatePolicy = null);

/// <summary>An update that starts the new servers beside the old ones.</summary>
public sealed record BlueGreenUpdatePolicy(
    TrafficRoutingConfig TrafficRoutingConfiguration, [Range(0, 3600)] int? TerminationWaitInSeconds = null,
    [Range(600, 28800)] int? MaximumExecutionTimeoutInSeconds = null);

/// <summary>How traffic moves to the new servers. <c>WaitIntervalInSeconds</c> is how long they are watched before the update is done.</summary>
public sealed record TrafficRoutingConfig([OneOf("ALL_AT_ONCE", "CANARY", "LINEAR")] string Type, [Range(0, 3600)] int WaitIntervalInSeconds);

/// <summary>Makes an endpoint: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html</summary>
public sealed record CreateEndpoint(
    [Length(1, 63), Pattern(Patterns.EntityName)] string EndpointName, [Length(1, 63), Pattern(Patterns.EntityName)] string EndpointConfigName,
    DeploymentConfig? DeploymentConfig = null, [Length(0, 50)] IReadOnlyList<Tag>? Tags = null) : IAwsRequest<CreateEndpoint.Response>
{
    /// <summary>The endpoint that is being made.</summary>
    public sealed record Response(string EndpointArn);
}

/// <summary>An endpoint by its name: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html</summary>
public sealed record DescribeEndpoint([Length(1, 63), Pattern(Patterns.EntityName)] string EndpointName) : IAwsRequest<DescribeEndpoint.Response>
{
    /// <summary>The endpoint. <c>FailureReason</c> also says why the last update was rolled back.</summary>
    public sealed record Response(
        string EndpointName, string EndpointArn, EndpointStatus EndpointStatus, DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime,
        string? EndpointConfigName = null, IReadOnlyList<ProductionVariantSummary>? ProductionVariants = null, string? FailureReason = null,
        DeploymentConfig? LastDeploymentConfig = null, PendingDeploymentSummary? PendingDeploymentSummary = null);
}

/// <summary>A variant that serves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantSummary.html</summary>
public sealed record ProductionVariantSummary(
    string VariantName, IReadOnlyList<DeployedImage>? DeployedImages = null, float? CurrentWeight = null, float? DesiredWeight = null,
    int? CurrentInstanceCount = null, int? DesiredInstanceCount = null, IReadOnlyList<ProductionVariantStatus>? VariantStatus = null,
    ProductionVariantRoutingConfig? RoutingConfig = null);

/// <summary>What is being done to a variant, and since when: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariantStatus.html</summary>
public sealed record ProductionVariantStatus(VariantStatus Status, string? StatusMessage = null, DateTimeOffset? StartTime = null);

/// <summary>What is being done to a variant.</summary>
public enum VariantStatus
{
    /// <summary>Its instances are starting.</summary>
    Creating,

    /// <summary>Its number of instances, or its share of the traffic, is changing.</summary>
    Updating,

    /// <summary>Its instances are ending.</summary>
    Deleting,

    /// <summary>Traffic is moving to it; local AWS moves it at once, so no variant is seen in this state.</summary>
    ActivatingTraffic,

    /// <summary>It has the traffic and is watched.</summary>
    Baking,
}

/// <summary>An image that a variant runs.</summary>
public sealed record DeployedImage(string? SpecifiedImage = null, string? ResolvedImage = null, DateTimeOffset? ResolutionTime = null);

/// <summary>The configuration that an endpoint is on its way to.</summary>
public sealed record PendingDeploymentSummary(
    string EndpointConfigName, IReadOnlyList<PendingProductionVariantSummary>? ProductionVariants = null, DateTimeOffset? StartTime = null);

/// <summary>A variant that is starting.</summary>
public sealed record PendingProductionVariantSummary(
    string VariantName, IReadOnlyList<DeployedImage>? DeployedImages = null, float? CurrentWeight = null, float? DesiredWeight = null,
    int? CurrentInstanceCount = null, int? DesiredInstanceCount = null, string? InstanceType = null,
    IReadOnlyList<ProductionVariantStatus>? VariantStatus = null, ProductionVariantRoutingConfig? RoutingConfig = null);

/// <summary>Endpoints, the newest first unless told otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpoints.html</summary>
public sealed record ListEndpoints(
    [OneOf("Name", "CreationTime", "Status")] string? SortBy = null, SortOrder? SortOrder = null, [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null, [Length(0, 63), Pattern(Patterns.NameContains)] string? NameContains = null,
    DateTimeOffset? CreationTimeBefore = null, DateTimeOffset? CreationTimeAfter = null,
    DateTimeOffset? LastModifiedTimeBefore = null, DateTimeOffset? LastModifiedTimeAfter = null,
    EndpointStatus? StatusEquals = null) : IAwsRequest<ListEndpoints.Response>
{
    /// <summary>A page of endpoints.</summary>
    public sealed record Response(IReadOnlyList<EndpointSummary> Endpoints, string? NextToken = null);
}

/// <summary>An endpoint in a listing.</summary>
public sealed record EndpointSummary(string EndpointName, string EndpointArn, DateTimeOffset CreationTime, DateTimeOffset LastModifiedTime, EndpointStatus EndpointStatus);

/// <summary>Moves an endpoint to another configuration: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpoint.html</summary>
public sealed record UpdateEndpoint(
    [Length(1, 63), Pattern(Patterns.EntityName)] string EndpointName, [Length(1, 63), Pattern(Patterns.EntityName)] string EndpointConfigName,
    bool? RetainAllVariantProperties = null, [Length(0, 3)] IReadOnlyList<VariantProperty>? ExcludeRetainedVariantProperties = null,
    DeploymentConfig? DeploymentConfig = null, bool? RetainDeploymentConfig = null) : IAwsRequest<UpdateEndpoint.Response>
{
    /// <summary>The endpoint that is being changed.</summary>
    public sealed record Response(string EndpointArn);
}

/// <summary>A property of a variant that an update takes from the new configuration.</summary>
public sealed record VariantProperty([OneOf("DesiredInstanceCount", "DesiredWeight", "DataCaptureConfig")] string VariantPropertyType);

/// <summary>Changes the traffic's shares and the numbers of instances: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateEndpointWeightsAndCapacities.html</summary>
public sealed record UpdateEndpointWeightsAndCapacities(
    [Length(1, 63), Pattern(Patterns.EntityName)] string EndpointName,
    [Length(1, 10)] IReadOnlyList<DesiredWeightAndCapacity> DesiredWeightsAndCapacities) : IAwsRequest<UpdateEndpointWeightsAndCapacities.Response>
{
    /// <summary>The endpoint that is being changed.</summary>
    public sealed record Response(string EndpointArn);
}

/// <summary>What a variant's weight or number of instances is to be.</summary>
public sealed record DesiredWeightAndCapacity(
    [Length(1, 63), Pattern(Patterns.EntityName)] string VariantName, [Range(0, float.MaxValue)] float? DesiredWeight = null, [Range(0, int.MaxValue)] int? DesiredInstanceCount = null);

/// <summary>Deletes an endpoint and stops its servers; its configuration and models stay: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpoint.html</summary>
public sealed record DeleteEndpoint([Length(1, 63), Pattern(Patterns.EntityName)] string EndpointName) : IAwsRequest<EmptyResponse>;
