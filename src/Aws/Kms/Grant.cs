using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>The encryption contexts that a grant is for: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html</summary>
public sealed record GrantConstraints(
    IReadOnlyDictionary<string, string>? EncryptionContextSubset = null, IReadOnlyDictionary<string, string>? EncryptionContextEquals = null);

/// <summary>A grant: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html</summary>
public sealed record GrantListEntry(
    string KeyId, string GrantId, DateTimeOffset CreationDate, string GranteePrincipal, string IssuingAccount, IReadOnlyList<string> Operations,
    string? Name = null, string? RetiringPrincipal = null, GrantConstraints? Constraints = null);

/// <summary>Lets a principal use a key: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html</summary>
public sealed record CreateGrant(
    [Length(1, 2048)] string KeyId,
    [Length(1, 256), Pattern(Patterns.Principal)] string GranteePrincipal,
    [OneOf("Decrypt", "Encrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo", "Sign", "Verify", "GetPublicKey", "CreateGrant", "RetireGrant", "DescribeKey", "GenerateDataKeyPair", "GenerateDataKeyPairWithoutPlaintext", "GenerateMac", "VerifyMac", "DeriveSharedSecret")]
    IReadOnlyList<string> Operations,
    [Length(1, 256), Pattern(Patterns.Principal)] string? RetiringPrincipal = null,
    GrantConstraints? Constraints = null,
    [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null,
    [Length(1, 256), Pattern(Patterns.AliasName)] string? Name = null,
    bool? DryRun = null) : IAwsRequest<CreateGrant.Response>
{
    /// <summary>The grant's id, and a token that stands for it.</summary>
    public sealed record Response(string GrantToken, string GrantId);
}

/// <summary>The grants of a key: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html</summary>
public sealed record ListGrants(
    [Length(1, 2048)] string KeyId, [Range(1, 1000)] int? Limit = null, [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null,
    [Length(1, 128)] string? GrantId = null, [Length(1, 256), Pattern(Patterns.Principal)] string? GranteePrincipal = null) : IAwsRequest<ListGrants.Response>
{
    /// <summary>A page of grants.</summary>
    public sealed record Response(IReadOnlyList<GrantListEntry> Grants, bool Truncated, string? NextMarker = null);
}

/// <summary>The grants that a principal may retire: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html</summary>
public sealed record ListRetirableGrants(
    [Length(1, 256), Pattern(Patterns.Principal)] string RetiringPrincipal, [Range(1, 1000)] int? Limit = null,
    [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null) : IAwsRequest<ListRetirableGrants.Response>
{
    /// <summary>A page of grants.</summary>
    public sealed record Response(IReadOnlyList<GrantListEntry> Grants, bool Truncated, string? NextMarker = null);
}

/// <summary>Ends a grant, by its token or by its key's ARN and its id: https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html</summary>
public sealed record RetireGrant(
    [Length(1, 8192)] string? GrantToken = null, [Length(1, 2048)] string? KeyId = null, [Length(1, 128)] string? GrantId = null,
    bool? DryRun = null) : IAwsRequest<EmptyResponse>;

/// <summary>Takes a grant back: https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html</summary>
public sealed record RevokeGrant([Length(1, 2048)] string KeyId, [Length(1, 128)] string GrantId, bool? DryRun = null) : IAwsRequest<EmptyResponse>;
