using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Kms;

/// <summary>The bytes of keys: random, and on disk only as the data directory's key seals them.</summary>
internal sealed class KeyMaterials(RootKey root, TimeProvider time)
{
    private const int Size = 32;

    /// <summary>New material for a key. Call it in the transaction that keeps it.</summary>
    /// <param name="keyId">The key that it is for.</param>
    /// <param name="rotationType">AUTOMATIC or ON_DEMAND; null for a key's first.</param>
    public KeyMaterial Make(string keyId, string? rotationType = null)
    {
        var id = RandomNumberGenerator.GetHexString(64, lowercase: true);
        return new(id, SealedBox.Seal(root.ToSeal(), RandomNumberGenerator.GetBytes(Size), Binding(keyId, id)), time.GetUtcNow(), rotationType);
    }

    /// <summary>The bytes of a material.</summary>
    /// <exception cref="InvalidOperationException">What is kept of it has been changed.</exception>
    public byte[] Open(string keyId, KeyMaterial material) => SealedBox.Open(root.ToOpen(), material.Sealed, Binding(keyId, material.Id))
        ?? throw new InvalidOperationException($"the material {material.Id} of the KMS key {keyId} is not what was sealed");

    // a material that is moved to another key's row does not open
    private static byte[] Binding(string keyId, string materialId) => Encoding.UTF8.GetBytes($"{keyId}/{materialId}");
}
