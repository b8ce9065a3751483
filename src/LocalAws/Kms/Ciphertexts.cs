using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Kms;

/// <summary>What was decrypted, and by what.</summary>
internal sealed record Decrypted(byte[] Plaintext, StoredKey Key, string MaterialId);

/// <summary>
/// KMS's ciphertexts: they name the key and the material that encrypted them, and open only with the encryption context
/// that they were made with. The layout is a version, the key's id (16 bytes), the material's id (32 bytes), a sealed box.
/// </summary>
internal sealed class Ciphertexts(KeyTable keys, KeyMaterials materials)
{
    private const byte Version = 1;
    private const int KeyIdAt = 1;
    private const int MaterialIdAt = KeyIdAt + 16;
    private const int BoxAt = MaterialIdAt + 32;

    /// <summary>Encrypts with a key that is usable.</summary>
    public byte[] Encrypt(StoredKey key, ReadOnlySpan<byte> plaintext, IReadOnlyDictionary<string, string>? context)
    {
        byte[] header = [Version, .. Guid.Parse(key.KeyId).ToByteArray(bigEndian: true), .. Convert.FromHexString(key.Current.Id)];
        return [.. header, .. SealedBox.Seal(materials.Open(key.KeyId, key.Current), plaintext, SealedBox.Canonical(header, context))];
    }

    /// <summary>Decrypts with the key that a ciphertext names.</summary>
    /// <param name="ciphertext">What <see cref="Encrypt"/> gave.</param>
    /// <param name="context">The encryption context that it was made with.</param>
    /// <param name="expected">The key that must have made it; null: whichever did.</param>
    /// <exception cref="AwsException">InvalidCiphertextException, IncorrectKeyException, DisabledException, KMSInvalidStateException or AccessDeniedException.</exception>
    public Decrypted Decrypt(ReadOnlySpan<byte> ciphertext, IReadOnlyDictionary<string, string>? context, StoredKey? expected = null)
    {
        if (ciphertext.Length <= BoxAt || ciphertext[0] != Version)
        {
            throw KmsErrors.InvalidCiphertext("The ciphertext is not one that this KMS made.");
        }

        var id = new Guid(ciphertext[KeyIdAt..MaterialIdAt], bigEndian: true).ToString();
        if (expected is not null && expected.Usable().KeyId != id)
        {
            throw KmsErrors.IncorrectKey();
        }

        var key = (keys.Find(id) ?? throw KmsErrors.UnknownKeyOfCiphertext()).Usable();
        var materialId = Convert.ToHexStringLower(ciphertext[MaterialIdAt..BoxAt]);
        var plaintext = key.Materials.FirstOrDefault(m => m.Id == materialId) is { } material
            ? SealedBox.Open(materials.Open(id, material), ciphertext[BoxAt..], SealedBox.Canonical(ciphertext[..BoxAt], context))
            : null;
        return new(
            plaintext ?? throw KmsErrors.InvalidCiphertext("The ciphertext was changed, or its encryption context is not the one that it was made with."), key, materialId);
    }
}
