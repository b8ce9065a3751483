using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Access;

/// <summary>
/// The keys that SigV4 derives from a secret for a day, region and service:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html. Those that have
/// signed a request are kept, as deriving one takes four times as long as using it.
/// </summary>
internal sealed class SigningKeys
{
    private const int Most = 1000;
    private readonly ConcurrentDictionary<(string AccessKeyId, string Scope), byte[]> _kept = new();

    /// <summary>The key of a credential for a scope, <c>DATE/REGION/SERVICE/aws4_request</c>.</summary>
    public byte[] Find(SigningCredential credential, string scope) =>
        _kept.GetValueOrDefault((credential.AccessKeyId, scope)) ?? Derive(credential.SecretAccessKey, scope);

    /// <summary>Keeps the key of a request whose signature was right; what anyone may make up is not kept.</summary>
    public void Keep(SigningCredential credential, string scope, byte[] key)
    {
        if (_kept.Count >= Most)
        {
            _kept.Clear();
        }

        _kept.TryAdd((credential.AccessKeyId, scope), key);
    }

    /// <summary>The signature of a text, in hexadecimal.</summary>
    public static string Sign(byte[] key, string text) => Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));

    private static byte[] Derive(string secret, string scope) =>
        scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + secret), (key, part) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(part)));
}
