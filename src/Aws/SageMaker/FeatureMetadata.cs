using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>A key and a value that describe a feature.</summary>
public sealed record FeatureParameter(
    [Length(1, 255), Pattern(@"([\p{L}\p{Z}\p{N}_.:/=+\-]*)")] string? Key = null,
    [Length(1, 255), Pattern(@"([\p{L}\p{Z}\p{N}_.:/=+\-]*)")] string? Value = null);

/// <summary>What a feature of a group is: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeFeatureMetadata.html</summary>
public sealed record DescribeFeatureMetadata(
    [Length(1, 256), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Length(1, 64), Pattern("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")] string FeatureName) : IAwsRequest<DescribeFeatureMetadata.Response>
{
    /// <summary>The feature, its description and parameters.</summary>
    public sealed record Response(
        string FeatureGroupArn, string FeatureGroupName, string FeatureName, FeatureType FeatureType, DateTimeOffset CreationTime,
        DateTimeOffset LastModifiedTime, string? Description = null, IReadOnlyList<FeatureParameter>? Parameters = null);
}

/// <summary>Describes a feature: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateFeatureMetadata.html</summary>
public sealed record UpdateFeatureMetadata(
    [Length(1, 256), Pattern(FeatureGroupNames.NameOrArn)] string FeatureGroupName,
    [Length(1, 64), Pattern("[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}")] string FeatureName,
    [Length(0, 255)] string? Description = null,
    [Length(0, 25)] IReadOnlyList<FeatureParameter>? ParameterAdditions = null,
    [Length(0, 25)] IReadOnlyList<string>? ParameterRemovals = null) : IAwsRequest<EmptyResponse>;
