using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Kms;

/// <summary>
/// Authenticated encryption of short texts: AES-256-GCM (NIST SP 800-38D) under a key and a nonce that HKDF (RFC 5869)
/// derives from the long-lived key and 16 random bytes. So one key may seal any number of texts and no nonce comes twice.
/// The layout is salt, ciphertext, tag.
/// </summary>
internal static class SealedBox
{
    private const int SaltSize = 16;
    private const int TagSize = 16;
    private const int KeySize = 32;
    private const int NonceSize = 12;

    /// <summary>Encrypts.</summary>
    /// <param name="key">The long-lived key, 32 bytes.</param>
    /// <param name="plaintext">What to hide.</param>
    /// <param name="associated">What is not hidden, but must be the same when it is opened.</param>
    public static byte[] Seal(byte[] key, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> associated)
    {
        var box = new byte[SaltSize + plaintext.Length + TagSize];
        var salt = box.AsSpan(0, SaltSize);
        RandomNumberGenerator.Fill(salt);
        using var aes = Derive(key, salt, out var nonce);
        aes.Encrypt(nonce, plaintext, box.AsSpan(SaltSize, plaintext.Length), box.AsSpan(SaltSize + plaintext.Length), associated);
        return box;
    }

    /// <summary>Decrypts; null where the key, the box or the associated bytes are not those of <see cref="Seal"/>.</summary>
    public static byte[]? Open(byte[] key, ReadOnlySpan<byte> box, ReadOnlySpan<byte> associated)
    {
        if (box.Length < SaltSize + TagSize)
        {
            return null;
        }

        var plaintext = new byte[box.Length - SaltSize - TagSize];
        using var aes = Derive(key, box[..SaltSize], out var nonce);
        try
        {
            aes.Decrypt(nonce, box[SaltSize..^TagSize], box[^TagSize..], plaintext, associated);
            return plaintext;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }

    /// <summary>The bytes of an encryption context: its pairs by the order of their keys, each text with its length before it.</summary>
    public static byte[] Canonical(ReadOnlySpan<byte> header, IReadOnlyDictionary<string, string>? context)
    {
        using var bytes = new MemoryStream();
        bytes.Write(header);
        foreach (var (key, value) in (context ?? new Dictionary<string, string>()).OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            Append(bytes, key);
            Append(bytes, value);
        }

        return bytes.ToArray();
    }

    private static void Append(MemoryStream bytes, string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, encoded.Length);
        bytes.Write(length);
        bytes.Write(encoded);
    }

    private static AesGcm Derive(byte[] key, ReadOnlySpan<byte> salt, out byte[] nonce)
    {
        Span<byte> derived = stackalloc byte[KeySize + NonceSize];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, key, derived, salt, "slipway sealed box 1"u8);
        nonce = derived[KeySize..].ToArray();
        return new AesGcm(derived[..KeySize], TagSize);
    }
}
