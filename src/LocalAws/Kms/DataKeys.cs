using System.Security.Cryptography;
using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>Keys that encrypt data outside KMS, and random bytes: https://docs.aws.amazon.com/kms/latest/developerguide/data-keys.html</summary>
internal sealed class DataKeys(KeyTable keys, Ciphertexts ciphertexts)
{
    public GenerateDataKey.Response Generate(GenerateDataKey request, Caller caller)
    {
        var size = Size(request.NumberOfBytes, request.KeySpec);
        var key = keys.Resolve(request.KeyId, caller).Usable();
        KmsRequests.StopDryRun(request.DryRun);
        var plaintext = RandomNumberGenerator.GetBytes(size);
        return new(ciphertexts.Encrypt(key, plaintext, request.EncryptionContext), plaintext, key.Arn, key.Current.Id);
    }

    public GenerateDataKeyWithoutPlaintext.Response Generate(GenerateDataKeyWithoutPlaintext request, Caller caller)
    {
        var made = Generate(
            new GenerateDataKey(request.KeyId, request.EncryptionContext, request.NumberOfBytes, request.KeySpec, request.GrantTokens, request.DryRun), caller);
        return new(made.CiphertextBlob, made.KeyId, made.KeyMaterialId);
    }

    public GenerateRandom.Response Random(GenerateRandom request) => new(RandomNumberGenerator.GetBytes(
        request.NumberOfBytes ?? throw AwsErrors.Validation("1 validation error detected: Value null at 'numberOfBytes' failed to satisfy constraint: Member must not be null")));

    private static int Size(int? bytes, string? spec) => (bytes, spec) switch
    {
        ({ } number, null) => number,
        (null, "AES_256") => 32,
        (null, not null) => 16,
        _ => throw AwsErrors.Validation("Please specify either number of bytes or key spec."),
    };
}
