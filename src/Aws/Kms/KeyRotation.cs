using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>Gives a key new material every so many days, 365 where not said: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html</summary>
public sealed record EnableKeyRotation([Length(1, 2048)] string KeyId, [Range(90, 2560)] int? RotationPeriodInDays = null) : IAwsRequest<EmptyResponse>;

/// <summary>Ends that: https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html</summary>
public sealed record DisableKeyRotation([Length(1, 2048)] string KeyId) : IAwsRequest<EmptyResponse>;

/// <summary>Whether and when a key rotates by itself: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html</summary>
public sealed record GetKeyRotationStatus([Length(1, 2048)] string KeyId) : IAwsRequest<GetKeyRotationStatus.Response>
{
    /// <summary>The key's ARN, and its schedule where it has one.</summary>
    public sealed record Response(bool KeyRotationEnabled, string KeyId, int? RotationPeriodInDays = null, DateTimeOffset? NextRotationDate = null);
}

/// <summary>Gives a key new material now; what the older encrypted still decrypts: https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html</summary>
public sealed record RotateKeyOnDemand([Length(1, 2048)] string KeyId) : IAwsRequest<RotateKeyOnDemand.Response>
{
    /// <summary>The key's ARN.</summary>
    public sealed record Response(string KeyId);
}

/// <summary>A rotation that was done: https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html</summary>
public sealed record RotationsListEntry(
    string KeyId, string KeyMaterialId, [OneOf("NON_CURRENT", "CURRENT")] string KeyMaterialState, DateTimeOffset? RotationDate = null,
    [OneOf("AUTOMATIC", "ON_DEMAND")] string? RotationType = null);

/// <summary>A key's rotations, oldest first: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html</summary>
public sealed record ListKeyRotations(
    [Length(1, 2048)] string KeyId, [OneOf("ALL_KEY_MATERIAL", "ROTATIONS_ONLY")] string? IncludeKeyMaterial = null, [Range(1, 1000)] int? Limit = null,
    [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null) : IAwsRequest<ListKeyRotations.Response>
{
    /// <summary>A page of rotations.</summary>
    public sealed record Response(IReadOnlyList<RotationsListEntry> Rotations, bool Truncated, string? NextMarker = null);
}
