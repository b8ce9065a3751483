using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>An image and the model that it serves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ContainerDefinition.html</summary>
public sealed record ContainerDefinition(
    [Length(0, 63), Pattern(Patterns.EntityName)] string? ContainerHostname = null,
    [Length(0, 255), Pattern(@"[\S]+")] string? Image = null,
    [OneOf("SingleModel", "MultiModel")] string? Mode = null,
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string? ModelDataUrl = null,
    ModelDataSource? ModelDataSource = null,
    [Length(0, 100)] IReadOnlyDictionary<string, string>? Environment = null,
    [Length(1, 176), Pattern(Patterns.VersionedArnOrName)] string? ModelPackageName = null,
    [Length(1, 63), Pattern(Patterns.EntityName)] string? InferenceSpecificationName = null);

/// <summary>Makes a model that endpoints can serve: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html</summary>
public sealed record CreateModel(
    [Length(1, 63), Pattern(Patterns.EntityName)] string ModelName,
    [Length(20, 2048), Pattern(Patterns.RoleArn)] string? ExecutionRoleArn = null,
    ContainerDefinition? PrimaryContainer = null,
    [Length(0, 15)] IReadOnlyList<ContainerDefinition>? Containers = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    VpcConfig? VpcConfig = null,
    bool? EnableNetworkIsolation = null) : IAwsRequest<CreateModel.Response>
{
    /// <summary>The model that was made.</summary>
    public sealed record Response(string ModelArn);
}

/// <summary>A model by its name: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModel.html</summary>
public sealed record DescribeModel([Length(1, 63), Pattern(Patterns.EntityName)] string ModelName) : IAwsRequest<DescribeModel.Response>
{
    /// <summary>The model.</summary>
    public sealed record Response(
        string ModelName, string ModelArn, DateTimeOffset CreationTime, string? ExecutionRoleArn = null, ContainerDefinition? PrimaryContainer = null,
        IReadOnlyList<ContainerDefinition>? Containers = null, VpcConfig? VpcConfig = null, bool? EnableNetworkIsolation = null);
}

/// <summary>Models, the newest first unless told otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModels.html</summary>
public sealed record ListModels(
    [OneOf("Name", "CreationTime")] string? SortBy = null, SortOrder? SortOrder = null, [Length(0, 8192)] string? NextToken = null,
    [Range(1, 100)] int? MaxResults = null, [Length(0, 63), Pattern(Patterns.NameContains)] string? NameContains = null,
    DateTimeOffset? CreationTimeBefore = null, DateTimeOffset? CreationTimeAfter = null) : IAwsRequest<ListModels.Response>
{
    /// <summary>A page of models.</summary>
    public sealed record Response(IReadOnlyList<ModelSummary> Models, string? NextToken = null);
}

/// <summary>A model in a listing.</summary>
public sealed record ModelSummary(string ModelName, string ModelArn, DateTimeOffset CreationTime);

/// <summary>Deletes a model; its files in S3 stay: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModel.html</summary>
public sealed record DeleteModel([Length(1, 63), Pattern(Patterns.EntityName)] string ModelName) : IAwsRequest<EmptyResponse>;
