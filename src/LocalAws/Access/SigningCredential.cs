using System.Security.Cryptography;
using System.Text;

namespace Slipway.LocalAws.Access;

/// <summary>An access key and whose it is.</summary>
/// <param name="AccessKeyId">Its id.</param>
/// <param name="SecretAccessKey">Its secret.</param>
/// <param name="Identity">Whose it is.</param>
internal sealed record SigningCredential(string AccessKeyId, string SecretAccessKey, Identity Identity)
{
    private const int SecretSize = 30;

    /// <summary>The token that must come with it, or null for a permanent one.</summary>
    public string? SessionToken { get; init; }

    /// <summary>When it ends, or null.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>A new access key of a session.</summary>
    public static SigningCredential New(Identity identity) =>
        new(Identity.NewAccessKeyId(), Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretSize)), identity);

    /// <summary>Whether two secrets are one, in a time that says nothing of where they differ.</summary>
    public static bool Same(string one, string other) => CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(one), Encoding.UTF8.GetBytes(other));
}
