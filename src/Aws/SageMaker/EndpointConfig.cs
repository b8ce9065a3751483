using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>A model, how many instances serve it and its share of the traffic: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProductionVariant.html</summary>
public sealed record ProductionVariant(
    [Length(1, 63), Pattern(Patterns.EntityName)] string VariantName,
    [Length(1, 63), Pattern(Patterns.EntityName)] string? ModelName = null,
    [Range(1, int.MaxValue)] int? InitialInstanceCount = null,
    [Length(1, 63), Pattern(@"ml\.[a-z0-9\-]+\.[a-z0-9\-]+")] string? InstanceType = null,
    [Range(0, float.MaxValue)] float? InitialVariantWeight = null,
    [Range(1, 512)] int? VolumeSizeInGB = null,
    [Range(60, 3600)] int? ModelDataDownloadTimeoutInSeconds = null,
    [Range(60, 3600)] int? ContainerStartupHealthCheckTimeoutInSeconds = null,
    ProductionVariantRoutingConfig? RoutingConfig = null,
    [OneOf("al2-ami-sagemaker-inference-gpu-2", "al2-ami-sagemaker-inference-gpu-2-1", "al2-ami-sagemaker-inference-gpu-3-1", "al2-ami-sagemaker-inference-neuron-2",
        "al2023-ami-sagemaker-inference-gpu-4-1")] string? InferenceAmiVersion = null);

/// <summary>How requests are spread over a variant's instances.</summary>
public sealed record ProductionVariantRoutingConfig([OneOf("LEAST_OUTSTANDING_REQUESTS", "RANDOM")] string RoutingStrategy);

/// <summary>States what an endpoint serves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html</summary>
public sealed record CreateEndpointConfig(
    [Length(1, 63), Pattern(Patterns.EntityName)] string EndpointConfigName,
    [Length(1, 10)] IReadOnlyList<ProductionVariant> ProductionVariants,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    [Length(0, 2048), Pattern(Patterns.KmsKeyId)] string? KmsKeyId = null,
    [Length(20, 2048), Pattern(Patterns.RoleArn)] string? ExecutionRoleArn = null,
    VpcConfig? VpcConfig = null,
    bool? EnableNetworkIsolation = null) : IAwsRequest<CreateEndpointConfig.Response>
{
    /// <summary>The configuration that was made.</summary>
    public sealed record Response(string EndpointConfigArn);
}

/// <summary>A configuration by its name: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpointConfig.html</summary>
public sealed record DescribeEndpointConfig([Length(1, 63), Pattern(Patterns.EntityName)] string EndpointConfigName) : IAwsRequest<DescribeEndpointConfig.Response>
{
    /// <summary>The configuration.</summary>
    public sealed record Response(
        string EndpointConfigName, string EndpointConfigArn, IReadOnlyList<ProductionVariant> ProductionVariants, DateTimeOffset CreationTime,
        string? KmsKeyId = null, string? ExecutionRoleArn = null, VpcConfig? VpcConfig = null, bool? EnableNetworkIsolation = null);
}

/// <summary>Configurations, the newest first unless told otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListEndpointConfigs.html</summary>
public sealed record ListEndpointConfigs(
    [OneOf("Name", "CreationTime")] string? SortBy = null, SortOrder? SortOrder = null, [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null, [Length(0, 63), Pattern(Patterns.NameContains)] string? NameContains = null,
    DateTimeOffset? CreationTimeBefore = null, DateTimeOffset? CreationTimeAfter = null) : IAwsRequest<ListEndpointConfigs.Response>
{
    /// <summary>A page of configurations.</summary>
    public sealed record Response(IReadOnlyList<EndpointConfigSummary> EndpointConfigs, string? NextToken = null);
}

/// <summary>A configuration in a listing.</summary>
public sealed record EndpointConfigSummary(string EndpointConfigName, string EndpointConfigArn, DateTimeOffset CreationTime);

/// <summary>Deletes a configuration: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteEndpointConfig.html</summary>
public sealed record DeleteEndpointConfig([Length(1, 63), Pattern(Patterns.EntityName)] string EndpointConfigName) : IAwsRequest<EmptyResponse>;
