using Slipway.Aws.Wire;

namespace Slipway.Aws.Ssm;

/// <summary>A condition on parameters: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html</summary>
public sealed record ParameterStringFilter(
    [Length(1, 132), Pattern("tag:.+|Name|Type|KeyId|Path|Label|Tier|DataType")] string Key,
    [Length(1, 10)] string? Option = null,
    [Length(1, 50)] IReadOnlyList<string>? Values = null);

/// <summary>Parameters under a path: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html</summary>
public sealed record GetParametersByPath(
    [Length(1, 2048)] string Path, bool? Recursive = null, IReadOnlyList<ParameterStringFilter>? ParameterFilters = null, bool? WithDecryption = null,
    [Range(1, 10)] int? MaxResults = null, string? NextToken = null) : IAwsRequest<GetParametersByPath.Response>
{
    /// <summary>A page of parameters in the order of their names.</summary>
    public sealed record Response(IReadOnlyList<Parameter> Parameters, string? NextToken = null);
}

/// <summary>A parameter without its value: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterMetadata.html</summary>
public sealed record ParameterMetadata(
    string Name, string ARN, string Type, DateTimeOffset LastModifiedDate, string LastModifiedUser, long Version, string Tier, string DataType,
    string? KeyId = null, string? Description = null, string? AllowedPattern = null);

/// <summary>Parameters without their values: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html</summary>
public sealed record DescribeParameters(
    IReadOnlyList<ParameterStringFilter>? ParameterFilters = null, [Range(1, 50)] int? MaxResults = null, string? NextToken = null) : IAwsRequest<DescribeParameters.Response>
{
    /// <summary>A page of parameters in the order of their names.</summary>
    public sealed record Response(IReadOnlyList<ParameterMetadata> Parameters, string? NextToken = null);
}

/// <summary>A version of a parameter: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterHistory.html</summary>
public sealed record ParameterHistory(
    string Name, string Type, DateTimeOffset LastModifiedDate, string LastModifiedUser, string Value, long Version, IReadOnlyList<string> Labels, string Tier, string DataType,
    string? KeyId = null, string? Description = null, string? AllowedPattern = null);

/// <summary>Every version of a parameter that is kept: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameterHistory.html</summary>
public sealed record GetParameterHistory(
    [Length(1, 2048)] string Name, bool? WithDecryption = null, [Range(1, 50)] int? MaxResults = null, string? NextToken = null) : IAwsRequest<GetParameterHistory.Response>
{
    /// <summary>A page of versions, oldest first.</summary>
    public sealed record Response(IReadOnlyList<ParameterHistory> Parameters, string? NextToken = null);
}
