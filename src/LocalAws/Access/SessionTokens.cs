using System.Buffers.Text;
using System.Text.Json;
using Slipway.LocalAws.Kms;

namespace Slipway.LocalAws.Access;

/// <summary>
/// Session tokens hold the credentials that they belong to, sealed by the data directory's key: whoever has the directory
/// can check them, after a restart too, and nothing is kept of them.
/// </summary>
internal sealed class SessionTokens(RootKey root)
{
    private const int LongestToken = 4096;
    private byte[]? _key;

    private static ReadOnlySpan<byte> Purpose => "slipway session token 1"u8;

    private byte[] Key => _key ??= root.ToSeal();

    /// <summary>Makes credentials of an identity that work until a time.</summary>
    public SigningCredential Issue(Identity identity, DateTimeOffset expires)
    {
        var credential = SigningCredential.New(identity) with { Expires = expires };
        return credential with { SessionToken = Base64Url.EncodeToString(SealedBox.Seal(Key, JsonSerializer.SerializeToUtf8Bytes(credential), Purpose)) };
    }

    /// <summary>The credentials of a token, expired or not; null where local AWS did not make it.</summary>
    public SigningCredential? Open(string token) =>
        token.Length <= LongestToken && Base64Url.IsValid(token) && SealedBox.Open(Key, Base64Url.DecodeFromChars(token), Purpose) is { } content
            ? JsonSerializer.Deserialize<SigningCredential>(content)! with { SessionToken = token }
            : null;
}
