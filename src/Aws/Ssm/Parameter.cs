using Slipway.Aws.Wire;

namespace Slipway.Aws.Ssm;

/// <summary>A version of a parameter with its value: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_Parameter.html</summary>
public sealed record Parameter(
    string Name, [OneOf("String", "StringList", "SecureString")] string Type, string Value, long Version, DateTimeOffset LastModifiedDate, string ARN, string DataType,
    string? Selector = null);

/// <summary>Makes a parameter, or with Overwrite its next version: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html</summary>
public sealed record PutParameter(
    [Length(1, 2048)] string Name,
    [Length(1, 8192)] string Value,
    [Length(0, 1024)] string? Description = null,
    [OneOf("String", "StringList", "SecureString")] string? Type = null,
    [Length(1, 256), Pattern("[a-zA-Z0-9:/_-]+")] string? KeyId = null,
    bool? Overwrite = null,
    [Length(0, 1024)] string? AllowedPattern = null,
    [Length(0, 1000)] IReadOnlyList<Tag>? Tags = null,
    [OneOf("Standard", "Advanced", "Intelligent-Tiering")] string? Tier = null,
    [Length(0, 128)] string? DataType = null) : IAwsRequest<PutParameter.Response>
{
    /// <summary>The version that was made, from 1, and the tier that it has.</summary>
    public sealed record Response(long Version, [OneOf("Standard", "Advanced", "Intelligent-Tiering")] string Tier);
}

/// <summary>A parameter by its name or ARN, with <c>:version</c> or <c>:label</c> where it is not the newest: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html</summary>
public sealed record GetParameter([Length(1, 2048)] string Name, bool? WithDecryption = null) : IAwsRequest<GetParameter.Response>
{
    /// <summary>The parameter; a SecureString's value is ciphertext unless it was to be decrypted.</summary>
    public sealed record Response(Parameter Parameter);
}

/// <summary>Up to ten parameters: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html</summary>
public sealed record GetParameters([Length(1, 10)] IReadOnlyList<string> Names, bool? WithDecryption = null) : IAwsRequest<GetParameters.Response>
{
    /// <summary>Those that were found, and the names of those that were not.</summary>
    public sealed record Response(IReadOnlyList<Parameter> Parameters, IReadOnlyList<string> InvalidParameters);
}

/// <summary>Deletes a parameter with all its versions: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameter.html</summary>
public sealed record DeleteParameter([Length(1, 2048)] string Name) : IAwsRequest<DeleteParameter.Response>
{
    /// <summary>Nothing.</summary>
    public sealed record Response;
}

/// <summary>Deletes up to ten parameters: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DeleteParameters.html</summary>
public sealed record DeleteParameters([Length(1, 10)] IReadOnlyList<string> Names) : IAwsRequest<DeleteParameters.Response>
{
    /// <summary>Those that were deleted, and those that were not there.</summary>
    public sealed record Response(IReadOnlyList<string> DeletedParameters, IReadOnlyList<string> InvalidParameters);
}
