using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Slipway.LocalAws.Kms;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.Sns.Deliveries;

/// <summary>The key that signs messages, and its certificate.</summary>
/// <param name="Name">Names the one that is used.</param>
/// <param name="Certificate">The certificate, PEM.</param>
/// <param name="Sealed">The private key (PKCS #8), sealed by the data directory's key.</param>
/// <param name="Expires">Until when the certificate holds.</param>
internal sealed record SigningKey(string Name, string Certificate, byte[] Sealed, DateTimeOffset Expires);

/// <summary>Signs messages with a key of the data directory; whoever gets one can check it with the certificate that it names.</summary>
internal sealed class MessageSigner(Database database, RootKey root, TimeProvider time) : IDisposable
{
    private const string Current = "current";
    private const int KeyBits = 2048;
    private const int Years = 10;
    private readonly Table<SigningKey> _keys = new(database, "sns-sealed-signing-key", k => k.Name);
    private readonly Lock _lock = new();
    private (SigningKey Key, RSA Rsa)? _used;

    private static ReadOnlySpan<byte> Purpose => "slipway sns signing key 1"u8;


    /// <summary>The path under which local AWS gives the certificate.</summary>
    public string CertificatePath => PathOf(Used().Key);

    /// <summary>The certificate under a path, or null where there is none.</summary>
    public string? Certificate(string path) => _keys.Find(Current) is { } key && PathOf(key) == path ? key.Certificate : null;

    /// <summary>The signature of a text, in base64.</summary>
    /// <param name="text">The text.</param>
    /// <param name="version">1 for SHA-1, 2 for SHA-256.</param>
    public string Sign(string text, string version)
    {
        var (_, rsa) = Used();
        lock (_lock)
        {
            return Convert.ToBase64String(rsa.SignData(Encoding.UTF8.GetBytes(text), version == "1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        }
    }

    public void Dispose() => _used?.Rsa.Dispose();

    private static string PathOf(SigningKey key) =>
        $"/SimpleNotificationService-{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(key.Certificate)).AsSpan(0, 16))}.pem";

    private (SigningKey Key, RSA Rsa) Used()
    {
        lock (_lock)
        {
            if (_used is not { } used || used.Key.Expires <= time.GetUtcNow())
            {
                var key = _keys.Find(Current) is { } kept && kept.Expires > time.GetUtcNow() ? kept : Make();
                var rsa = RSA.Create();
                rsa.ImportPkcs8PrivateKey(Open(key), out _);
                _used?.Rsa.Dispose();
                _used = used = (key, rsa);
            }

            return used;
        }
    }

    private SigningKey Make()
    {
        using var rsa = RSA.Create(KeyBits);
        var now = time.GetUtcNow();
        var request = new CertificateRequest("CN=sns.amazonaws.com of Slipway local AWS", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(Years));
        var (pem, made) = (certificate.ExportCertificatePem(), rsa.ExportPkcs8PrivateKey());
        return database.Write(_ =>
        {
            var key = new SigningKey(Current, pem, SealedBox.Seal(root.ToSeal(), made, Purpose), now.AddYears(Years));
            _keys.Put(key);
            return key;
        });
    }

    private byte[] Open(SigningKey key) => SealedBox.Open(root.ToOpen(), key.Sealed, Purpose)
        ?? throw new InvalidOperationException("the key that signs messages is not what was sealed");
}
