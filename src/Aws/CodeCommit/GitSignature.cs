using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Auth;

namespace Slipway.Aws.CodeCommit;

/// <summary>
/// SigV4 for git: the signature goes into the address as its user and password, for a request whose method is GIT and
/// whose only header is the host, as AWS's git-remote-codecommit makes it.
/// </summary>
public static class GitSignature
{
    private const string TimeFormat = "yyyyMMdd'T'HHmmss";

    /// <summary>The address of a repository with the user and the password that CodeCommit takes for about 15 minutes.</summary>
    /// <param name="endpoint">Where CodeCommit's git is.</param>
    /// <param name="repository">The repository's name.</param>
    /// <param name="region">Its region.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="now">When.</param>
    public static Uri Sign(Uri endpoint, string repository, string region, ImmutableCredentials credentials, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        ArgumentNullException.ThrowIfNull(credentials);
        var (path, time) = ($"/v1/repos/{repository}", now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture));
        var canonical = $"GIT\n{path}\n\nhost:{endpoint.Authority}\n\nhost\n";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{time[..8]}/{region}/codecommit/aws4_request\n{hash}";
        var key = AWS4Signer.ComposeSigningKey(credentials.SecretKey, region, time[..8], "codecommit");
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
        var user = credentials.UseToken ? $"{credentials.AccessKey}%{credentials.Token}" : credentials.AccessKey;
        return new UriBuilder(endpoint) { UserName = Uri.EscapeDataString(user), Password = $"{time}Z{signature}", Path = path }.Uri;
    }
}
