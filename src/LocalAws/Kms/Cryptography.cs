using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>Encrypts and decrypts: https://docs.aws.amazon.com/kms/latest/developerguide/symm-asymm-choose-key-spec.html#symmetric-cmks</summary>
internal sealed class Cryptography(KeyTable keys, Ciphertexts ciphertexts)
{
    private const string Algorithm = "SYMMETRIC_DEFAULT";

    public Encrypt.Response Encrypt(Encrypt request, Caller caller)
    {
        KmsRequests.CheckAlgorithm(request.EncryptionAlgorithm);
        var key = keys.Resolve(request.KeyId, caller).Usable();
        KmsRequests.StopDryRun(request.DryRun);
        return new(ciphertexts.Encrypt(key, request.Plaintext, request.EncryptionContext), key.Arn, Algorithm);
    }

    public Decrypt.Response Decrypt(Decrypt request, Caller caller)
    {
        KmsRequests.CheckAlgorithm(request.EncryptionAlgorithm);
        var plain = Open(request.CiphertextBlob, request.EncryptionContext, request.KeyId, caller);
        KmsRequests.StopDryRun(request.DryRun);
        return new(plain.Key.Arn, plain.Plaintext, Algorithm, plain.MaterialId);
    }

    public ReEncrypt.Response ReEncrypt(ReEncrypt request, Caller caller)
    {
        KmsRequests.CheckAlgorithm(request.SourceEncryptionAlgorithm);
        KmsRequests.CheckAlgorithm(request.DestinationEncryptionAlgorithm);
        var plain = Open(request.CiphertextBlob, request.SourceEncryptionContext, request.SourceKeyId, caller);
        var key = keys.Resolve(request.DestinationKeyId, caller).Usable();
        KmsRequests.StopDryRun(request.DryRun);
        return new(
            ciphertexts.Encrypt(key, plain.Plaintext, request.DestinationEncryptionContext), plain.Key.Arn, key.Arn, Algorithm, Algorithm, plain.MaterialId, key.Current.Id);
    }

    // AWS's model lets CiphertextBlob be absent for the sake of a dry run that ignores it
    private Decrypted Open(byte[]? ciphertext, IReadOnlyDictionary<string, string>? context, string? keyId, Caller caller) =>
        ciphertexts.Decrypt(
            ciphertext ?? throw AwsErrors.Validation("1 validation error detected: Value null at 'ciphertextBlob' failed to satisfy constraint: Member must not be null"),
            context, keyId is null ? null : keys.Resolve(keyId, caller));
}
