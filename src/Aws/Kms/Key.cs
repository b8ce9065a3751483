using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

internal static class Patterns
{
    public const string AliasName = "[a-zA-Z0-9:/_-]+";
    public const string Marker = @"[\u0020-\u00FF]*";
    public const string Policy = @"[\u0009\u000A\u000D\u0020-\u00FF]+";
    public const string PolicyName = @"[\w]+";
    public const string Principal = @"[\w+=,.@:/-]+";
}

/// <summary>The states of a key that local AWS has: https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html</summary>
public enum KeyState
{
    /// <summary>It encrypts and decrypts.</summary>
    Enabled,

    /// <summary>It does neither until it is enabled.</summary>
    Disabled,

    /// <summary>It does neither, and at its deletion date it is gone for ever.</summary>
    PendingDeletion,
}

/// <summary>A key: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyMetadata.html</summary>
public sealed record KeyMetadata(
    string KeyId, string Arn, string AWSAccountId,
    DateTimeOffset CreationDate, bool Enabled, string Description, string KeyUsage, KeyState KeyState, string Origin, string KeyManager,
    string CustomerMasterKeySpec, string KeySpec, IReadOnlyList<string> EncryptionAlgorithms, bool MultiRegion, string CurrentKeyMaterialId,
    DateTimeOffset? DeletionDate = null);

/// <summary>Makes a key: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html. Local AWS makes symmetric keys of its own material alone.</summary>
public sealed record CreateKey(
    [Length(1, 131072), Pattern(Patterns.Policy)] string? Policy = null,
    [Length(0, 8192)] string? Description = null,
    [OneOf("SIGN_VERIFY", "ENCRYPT_DECRYPT", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")] string? KeyUsage = null,
    [OneOf("RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "SM2")]
    string? CustomerMasterKeySpec = null,
    [OneOf("RSA_2048", "RSA_3072", "RSA_4096", "ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "SYMMETRIC_DEFAULT", "HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512", "SM2", "ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "ECC_NIST_EDWARDS25519")]
    string? KeySpec = null,
    [OneOf("AWS_KMS", "EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE")] string? Origin = null,
    bool? BypassPolicyLockoutSafetyCheck = null,
    IReadOnlyList<Tag>? Tags = null,
    bool? MultiRegion = null) : IAwsRequest<CreateKey.Response>
{
    /// <summary>The key that was made.</summary>
    public sealed record Response(KeyMetadata KeyMetadata);
}

/// <summary>A key by its id, ARN or alias: https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html</summary>
public sealed record DescribeKey(
    [Length(1, 2048)] string KeyId, [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null) : IAwsRequest<DescribeKey.Response>
{
    /// <summary>The key.</summary>
    public sealed record Response(KeyMetadata KeyMetadata);
}

/// <summary>A key in a listing.</summary>
public sealed record KeyListEntry(string KeyId, string KeyArn);

/// <summary>Every key: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html</summary>
public sealed record ListKeys([Range(1, 1000)] int? Limit = null, [Length(1, 1024), Pattern(Patterns.Marker)] string? Marker = null) : IAwsRequest<ListKeys.Response>
{
    /// <summary>A page of keys.</summary>
    public sealed record Response(IReadOnlyList<KeyListEntry> Keys, bool Truncated, string? NextMarker = null);
}

/// <summary>Lets a disabled key be used again: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html</summary>
public sealed record EnableKey([Length(1, 2048)] string KeyId) : IAwsRequest<EmptyResponse>;

/// <summary>Keeps a key from being used: https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html</summary>
public sealed record DisableKey([Length(1, 2048)] string KeyId) : IAwsRequest<EmptyResponse>;

/// <summary>Changes what a key's description says: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html</summary>
public sealed record UpdateKeyDescription([Length(1, 2048)] string KeyId, [Length(0, 8192)] string Description) : IAwsRequest<EmptyResponse>;

/// <summary>Deletes a key after a time of waiting: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html</summary>
public sealed record ScheduleKeyDeletion([Length(1, 2048)] string KeyId, [Range(7, 30)] int? PendingWindowInDays = null) : IAwsRequest<ScheduleKeyDeletion.Response>
{
    /// <summary>The key's ARN, and when it will be gone.</summary>
    public sealed record Response(string KeyId, DateTimeOffset DeletionDate, KeyState KeyState, int PendingWindowInDays);
}

/// <summary>Keeps a key from being deleted; it is disabled then: https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html</summary>
public sealed record CancelKeyDeletion([Length(1, 2048)] string KeyId) : IAwsRequest<CancelKeyDeletion.Response>
{
    /// <summary>The key's ARN.</summary>
    public sealed record Response(string KeyId);
}
