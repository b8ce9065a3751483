using Slipway.Aws.Wire;

namespace Slipway.Aws.Kms;

/// <summary>Makes a key to encrypt data with, in plain and encrypted: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html</summary>
public sealed record GenerateDataKey(
    [Length(1, 2048)] string KeyId,
    IReadOnlyDictionary<string, string>? EncryptionContext = null,
    [Range(1, 1024)] int? NumberOfBytes = null,
    [OneOf("AES_256", "AES_128")] string? KeySpec = null,
    [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null,
    bool? DryRun = null) : IAwsRequest<GenerateDataKey.Response>
{
    /// <summary>The data key in both forms, and the ARN and the material of the key that encrypted it.</summary>
    public sealed record Response(byte[] CiphertextBlob, byte[] Plaintext, string KeyId, string KeyMaterialId);
}

/// <summary>Makes a data key and gives its encrypted form alone: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html</summary>
public sealed record GenerateDataKeyWithoutPlaintext(
    [Length(1, 2048)] string KeyId,
    IReadOnlyDictionary<string, string>? EncryptionContext = null,
    [OneOf("AES_256", "AES_128")] string? KeySpec = null,
    [Range(1, 1024)] int? NumberOfBytes = null,
    [Length(0, 10)] IReadOnlyList<string>? GrantTokens = null,
    bool? DryRun = null) : IAwsRequest<GenerateDataKeyWithoutPlaintext.Response>
{
    /// <summary>The encrypted data key, and the ARN and the material of the key that encrypted it.</summary>
    public sealed record Response(byte[] CiphertextBlob, string KeyId, string KeyMaterialId);
}

/// <summary>Random bytes: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html</summary>
public sealed record GenerateRandom([Range(1, 1024)] int? NumberOfBytes = null) : IAwsRequest<GenerateRandom.Response>
{
    /// <summary>The bytes.</summary>
    public sealed record Response(byte[] Plaintext);
}
