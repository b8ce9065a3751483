using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>How a model package serves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_InferenceSpecification.html</summary>
public sealed record InferenceSpecification(
    [Length(1, 15)] IReadOnlyList<ModelPackageContainerDefinition> Containers,
    [Length(1, 1000)] IReadOnlyList<string>? SupportedTransformInstanceTypes = null,
    IReadOnlyList<string>? SupportedRealtimeInferenceInstanceTypes = null,
    IReadOnlyList<string>? SupportedContentTypes = null,
    [Pattern(@"[-\w]+\/.+")] IReadOnlyList<string>? SupportedResponseMIMETypes = null);

/// <summary>One more way in which a model package serves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AdditionalInferenceSpecificationDefinition.html</summary>
public sealed record AdditionalInferenceSpecificationDefinition(
    [Length(1, 63), Pattern(Patterns.EntityName)] string Name,
    [Length(1, 15)] IReadOnlyList<ModelPackageContainerDefinition> Containers,
    [Length(0, 1024), Pattern(Patterns.Description)] string? Description = null,
    [Length(1, 1000)] IReadOnlyList<string>? SupportedTransformInstanceTypes = null,
    IReadOnlyList<string>? SupportedRealtimeInferenceInstanceTypes = null,
    IReadOnlyList<string>? SupportedContentTypes = null,
    [Pattern(@"[-\w]+\/.+")] IReadOnlyList<string>? SupportedResponseMIMETypes = null);

/// <summary>
/// An image and the model that it serves: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackageContainerDefinition.html.
/// <c>ImageDigest</c> and <c>ModelDataETag</c> are filled in by SageMaker.
/// </summary>
public sealed record ModelPackageContainerDefinition(
    [Length(0, 63), Pattern(Patterns.EntityName)] string? ContainerHostname = null,
    [Length(0, 255), Pattern(@"[\S]+")] string? Image = null,
    [Length(0, 72), Pattern("[Ss][Hh][Aa]256:[0-9a-fA-F]{64}")] string? ImageDigest = null,
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string? ModelDataUrl = null,
    ModelDataSource? ModelDataSource = null,
    [Length(0, 100)] IReadOnlyDictionary<string, string>? Environment = null,
    ModelInput? ModelInput = null,
    string? Framework = null,
    [Length(3, 10), Pattern(@"[0-9]\.[A-Za-z0-9.-]+")] string? FrameworkVersion = null,
    string? NearestModelName = null,
    string? ModelDataETag = null);

/// <summary>The input that a model expects, as JSON.</summary>
public sealed record ModelInput([Length(1, 16384)] string DataInputConfig);

/// <summary>Where a model's files lie: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelDataSource.html</summary>
public sealed record ModelDataSource(S3ModelDataSource? S3DataSource = null);

/// <summary>A model's files in S3: one compressed object, or everything under a prefix.</summary>
public sealed record S3ModelDataSource(
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string S3Uri,
    [OneOf("S3Prefix", "S3Object")] string S3DataType,
    [OneOf("None", "Gzip")] string CompressionType);
