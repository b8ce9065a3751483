using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Amazon;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>
/// What git sends as user name and password where signatures are checked, as AWS's remote helper and the credential
/// helper of the <c>aws</c> command line make them: the access key (with <c>%</c> and the session token), and a time with
/// SigV4's signature of a request whose method is GIT:
/// https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html.
/// Or a user name and password of IAM's: https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-gc.html
/// </summary>
internal sealed partial class GitCredentials
{
    private const int RepositoryParts = 4;

    /// <summary>The length of a time such as 20260101T000000.</summary>
    private const int TimeLength = 15;

    private static readonly CommonRefusals Refusals = new(AwsProtocol.RestJson);
    private readonly LocalAwsOptions _options;
    private readonly SigningKeys _keys;
    private readonly ServiceSpecificCredentials _passwords;

    public GitCredentials(LocalAwsOptions options, SigningKeys keys, ServiceSpecificCredentials passwords)
    {
        (_options, _keys, _passwords) = (options, keys, passwords);
        Rules = new(Refusals) { CheckOther = Check };
    }

    /// <summary>How git's requests are signed.</summary>
    public SigningRules Rules { get; }

    private Identity? Check(HttpContext http, CredentialStore credentials)
    {
        if (!AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header) || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var (user, password) = Read(header.Parameter ?? "");
        if (!Password().IsMatch(password))
        {
            return _passwords.Find(user, password) ?? throw new AwsException("AccessDeniedException", HttpStatusCode.Forbidden,
                "This is no active HTTPS Git credential's user name and password. Make one with aws iam create-service-specific-credential, or use codecommit:: addresses, which sign.");
        }

        var (id, token) = user.Split('%', 2) is [var key, var session] ? (key, session) : (user, null);
        var credential = credentials.Find(id, token, Refusals);
        Authentication.CheckTime(Find(http.Request, credential, password), _options.Time.GetUtcNow(), Refusals);
        return credential.Identity;
    }

    /// <summary>
    /// The signature of a password. Its region is not sent with it: AWS's hosts have one each, and here it is the one
    /// whose signature this is. The aws command line leaves the port out of the host that it signs, the remote helper does not.
    /// </summary>
    private Signature Find(HttpRequest request, SigningCredential credential, string password)
    {
        // the signed time has no Z, though the password's has
        var (time, value) = (password[..TimeLength], password[(TimeLength + 1)..]);
        var path = string.Join('/', request.Path.Value!.Split('/').Take(RepositoryParts));
        var canonicals = new[] { request.Host.Value, request.Host.Host }.Select(host => $"GIT\n{path}\n\nhost:{host}\n\nhost\n").ToList();
        var hashes = canonicals.ConvertAll(c => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(c))));
        foreach (var region in RegionEndpoint.EnumerableAllRegions.Select(r => r.SystemName).Prepend(_options.Region))
        {
            var scope = Scope(time, region);
            var key = _keys.Find(credential, scope);
            if (hashes.Exists(hash => SigningCredential.Same(SigningKeys.Sign(key, ToSign(time, scope, hash)), value)))
            {
                _keys.Keep(credential, scope, key);
                return Make(scope);
            }
        }

        throw Refusals.WrongSignature(Make(Scope(time, "REGION")), ToSign(time, Scope(time, "REGION"), hashes[0]), canonicals[0]);

        Signature Make(string scope) => Signature.Make(
            $"{credential.AccessKeyId}/{scope}", time + "Z", Signature.Parse(time + "Z") ?? throw Refusals.NoDate(), "host", value, Refusals, inQuery: false);
    }

    private static string Scope(string time, string region) => $"{time[..8]}/{region}/codecommit/{CredentialScope.Terminator}";

    private static string ToSign(string time, string scope, string hash) => $"{Signature.Algorithm}\n{time}\n{scope}\n{hash}";

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
