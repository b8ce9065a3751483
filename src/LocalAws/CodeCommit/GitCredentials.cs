using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>
/// What git sends as user name and password where signatures are checked, as AWS's remote helper and the credential
/// helper of the <c>aws</c> command line make them: the access key (with <c>%</c> and the session token), and a time with
/// SigV4's signature of a request whose method is GIT:
/// https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html
/// </summary>
internal sealed partial class GitCredentials
{
    private const int RepositoryParts = 4;
    private static readonly CommonRefusals Refusals = new(AwsProtocol.RestJson);
    private readonly LocalAwsOptions _options;
    private readonly SigningKeys _keys;

    public GitCredentials(LocalAwsOptions options, SigningKeys keys)
    {
        (_options, _keys) = (options, keys);
        Rules = new(Refusals) { CheckOther = Check };
    }

    /// <summary>How git's requests are signed.</summary>
    public SigningRules Rules { get; }

    private SigningCredential? Check(HttpContext http, CredentialStore credentials)
    {
        if (!AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header) || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (user, password) = Read(header.Parameter ?? "");
        if (!Password().IsMatch(password))
        {
            throw new AwsException("AccessDeniedException", HttpStatusCode.Forbidden,
                "The password is not a SigV4 signature. Local AWS has no HTTPS Git credentials of IAM's: use codecommit:: addresses, or the credential helper of the aws command line.");
        }

        var (id, token) = user.Split('%', 2) is [var key, var session] ? (key, session) : (user, null);
        var credential = credentials.Find(id, token, Refusals);
        Authentication.CheckTime(Find(http.Request, credential, password), _options.Time.GetUtcNow(), Refusals);
        return credential;
    }

    /// <summary>
    /// The signature of a password. Its region is not sent with it: AWS's hosts have one each, and here it is the one
    /// whose signature this is.
    /// </summary>
    private Signature Find(HttpRequest request, SigningCredential credential, string password)
    {
        // the signed time has no Z, though the password's has
        var (time, value) = (password[..15], password[16..]);
        var canonical = $"GIT\n{string.Join('/', request.Path.Value!.Split('/').Take(RepositoryParts))}\n\nhost:{request.Host}\n\nhost\n";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
        Signature? last = null;
        foreach (var region in RegionEndpoint.EnumerableAllRegions.Select(r => r.SystemName).Prepend(_options.Region))
        {
            var scope = $"{time[..8]}/{region}/codecommit/{CredentialScope.Terminator}";
            last = Signature.Make($"{credential.AccessKeyId}/{scope}", time + "Z", Signature.Parse(time + "Z") ?? throw Refusals.NoDate(), "host", value, Refusals, inQuery: false);
            var key = _keys.Find(credential, scope);
            if (SigningCredential.Same(SigningKeys.Sign(key, $"{Signature.Algorithm}\n{time}\n{scope}\n{hash}"), value))
            {
                _keys.Keep(credential, scope, key);
                return last;
            }
        }

        throw Refusals.WrongSignature(last!, $"{Signature.Algorithm}\n{time}\n{time[..8]}/REGION/codecommit/{CredentialScope.Terminator}\n{hash}", canonical);
    }

    private static (string User, string Password) Read(string parameter)
    {
        var bytes = new byte[parameter.Length];
        return Convert.TryFromBase64String(parameter, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is [var user, var password]
            ? (user, password)
            : throw Refusals.Malformed("The Authorization header is not Basic's user:password in Base64.", inQuery: false);
    }

    [GeneratedRegex(@"\A[0-9]{8}T[0-9]{6}Z[0-9a-f]{64}\z")]
    private static partial Regex Password();
}
