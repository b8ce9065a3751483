using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>Encrypts up to 4,096 bytes with a key: https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html</summary>
public sealed record Encrypt(
    [Length(1, 2048)] string KeyId,
    [Length(1, 4096)] byte[] Plaintext,
    IReadOnlyDictionary<string, string>? EncryptionContext = null,
    [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null,
    [OneOf("SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE")] string? EncryptionAlgorithm = null,
    bool? DryRun = null) : IAwsRequest<Encrypt.Response>
{
    /// <summary>The ciphertext, which names its key itself, and the key's ARN.</summary>
    public sealed record Response(byte[] CiphertextBlob, string KeyId, string EncryptionAlgorithm);
}

/// <summary>Decrypts what <see cref="Encrypt"/> or GenerateDataKey gave: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html</summary>
public sealed record Decrypt(
    [Length(1, 6144)] byte[]? CiphertextBlob = null,
    IReadOnlyDictionary<string, string>? EncryptionContext = null,
    [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null,
    [Length(1, 2048)] string? KeyId = null,
    [OneOf("SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE")] string? EncryptionAlgorithm = null,
    bool? DryRun = null) : IAwsRequest<Decrypt.Response>
{
    /// <summary>The plaintext, and the ARN and the material of the key that encrypted it.</summary>
    public sealed record Response(string KeyId, byte[] Plaintext, string EncryptionAlgorithm, string KeyMaterialId);
}

/// <summary>Encrypts anew, with another key or context, what is encrypted, and shows nobody the plaintext: https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html</summary>
public sealed record ReEncrypt(
    [Length(1, 2048)] string DestinationKeyId,
    [Length(1, 6144)] byte[]? CiphertextBlob = null,
    IReadOnlyDictionary<string, string>? SourceEncryptionContext = null,
    [Length(1, 2048)] string? SourceKeyId = null,
    IReadOnlyDictionary<string, string>? DestinationEncryptionContext = null,
    [OneOf("SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE")] string? SourceEncryptionAlgorithm = null,
    [OneOf("SYMMETRIC_DEFAULT", "RSAES_OAEP_SHA_1", "RSAES_OAEP_SHA_256", "SM2PKE")] string? DestinationEncryptionAlgorithm = null,
    [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null,
    bool? DryRun = null) : IAwsRequest<ReEncrypt.Response>
{
    /// <summary>The new ciphertext, and both keys' ARNs and materials.</summary>
    public sealed record Response(
        byte[] CiphertextBlob, string SourceKeyId, string KeyId, string SourceEncryptionAlgorithm, string DestinationEncryptionAlgorithm,
        string SourceKeyMaterialId, string DestinationKeyMaterialId);
}
