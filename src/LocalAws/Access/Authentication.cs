using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.Access;

/// <summary>
/// Tells who a request is from. With <c>--require-auth</c> every request must be signed, and its signature is checked in
/// full; without it any credentials are taken.
/// </summary>
internal sealed partial class Authentication(LocalAwsOptions options, CredentialStore credentials, SigningKeys keys)
{
    /// <summary>How far the clock of whoever signs may be off, in minutes.</summary>
    public const int MostSkewMinutes = 15;

    private const string ContentHash = "x-amz-content-sha256";
    private static readonly string EmptyHash = Convert.ToHexStringLower(SHA256.HashData([]));

    /// <summary>The caller of a request.</summary>
    /// <exception cref="AwsException">It is not signed, or not as it should be; in the service's own words.</exception>
    public async Task<Caller> Identify(HttpContext http, Caller caller, SigningRules rules)
    {
        var algorithm = Signature.AlgorithmOf(http.Request);
        if (algorithm == Signature.Asymmetric)
        {
            throw Refusals.NotSupported(algorithm);
        }

        if (options.RequireAuth is null)
        {
            return credentials.Claimed(caller.AccessKeyId, Token(http.Request)) is { } identity ? caller with { Identity = identity } : caller;
        }

        if (algorithm is null || (algorithm != Signature.Algorithm && rules.CheckOther is not null))
        {
            return rules.CheckOther?.Invoke(http, credentials) is { } other ? caller with { Identity = other }
                : rules.TakesUnsigned(http.Request) ? caller : throw rules.Refusals.NotSigned();
        }

        return algorithm == Signature.Algorithm ? Known(caller, await Check(http, rules)) : throw Refusals.NotSupported(algorithm);
    }

    /// <summary>Checks that a text was signed by a credential, as the policy of a form is.</summary>
    /// <exception cref="AwsException">It was not.</exception>
    public Caller CheckText(Caller caller, Signature signature, string text, Refusals refusals)
    {
        CheckRegion(signature, refusals);
        var credential = credentials.Find(signature.AccessKeyId, signature.Token, refusals);
        Compare(credential, signature, text, "", refusals);
        return Known(caller, credential);
    }

    private static Caller Known(Caller caller, SigningCredential credential) => caller with { AccessKeyId = credential.AccessKeyId, Identity = credential.Identity };

    private static string? Token(HttpRequest request) =>
        request.Headers["x-amz-security-token"] is [{ } token, ..] ? token : request.Query["X-Amz-Security-Token"] is [{ } presigned, ..] ? presigned : null;

    private async Task<SigningCredential> Check(HttpContext http, SigningRules rules)
    {
        var (request, refusals) = (http.Request, rules.Refusals);
        if (request.Headers.Authorization.Count > 0 && Signature.IsPresigned(request))
        {
            throw refusals.Malformed("Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter or the Authorization header should be specified", inQuery: false);
        }

        var signature = request.Headers.Authorization.Count > 0 ? Signature.OfHeader(request, refusals) : Signature.OfQuery(request, refusals);
        CheckRegion(signature, refusals);
        var credential = credentials.Find(signature.AccessKeyId, signature.Token, refusals);
        CheckTime(signature, options.Time.GetUtcNow(), refusals);
        CheckHeaders(request, signature, rules);
        var payload = rules.Payload?.Invoke(request, signature) ?? await Computed(http, signature, rules);
        var canonical = CanonicalRequest.Of(request, RequestTarget.Of(http), signature.SignedHeaders, payload, rules.IsS3);
        var key = Compare(credential, signature, ToSign(signature, canonical), canonical, refusals);
        http.Features.Set(new CheckedSignature(signature, key));
        return credential;
    }

    private byte[] Compare(SigningCredential credential, Signature signature, string toSign, string canonical, Refusals refusals)
    {
        var key = keys.Find(credential, signature.Scope);
        if (!SigningCredential.Same(SigningKeys.Sign(key, toSign), signature.Value))
        {
            throw refusals.WrongSignature(signature, toSign, canonical);
        }

        keys.Keep(credential, signature.Scope, key);
        return key;
    }

    private static string ToSign(Signature signature, string canonical) =>
        $"{Signature.Algorithm}\n{signature.SignedAt}\n{signature.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";

    /// <summary>Checks that a signature is neither too old nor from the future.</summary>
    /// <exception cref="AwsException">It is.</exception>
    public static void CheckTime(Signature signature, DateTimeOffset now, Refusals refusals)
    {
        var most = TimeSpan.FromMinutes(MostSkewMinutes);
        // first, as a time of the year 9999 has none that is later
        if (signature.Time > now + most || (signature.Expires is null && signature.Time < now - most))
        {
            throw refusals.Skewed(signature, now);
        }

        if (signature.Expires is { } seconds && now > signature.Time.AddSeconds(seconds))
        {
            throw refusals.UrlExpired(signature, now);
        }
    }

    /// <summary>Checks that a signature is for a region. Which one it is makes no difference here: all see one set of resources.</summary>
    private void CheckRegion(Signature signature, Refusals refusals)
    {
        var region = signature.Scope.Split('/')[1];
        if (!Region().IsMatch(region))
        {
            throw refusals.WrongRegion(region, options.Region, inQuery: signature.Expires is not null);
        }
    }

    [GeneratedRegex(@"\A[a-z]{2,}(-[a-z]+)+-[0-9]+\z")]
    private static partial Regex Region();

    private static void CheckHeaders(HttpRequest request, Signature signature, SigningRules rules)
    {
        bool MustBeSigned(string name) => name == "host" || (name.StartsWith("x-amz-", StringComparison.Ordinal) && (rules.IsS3 ? name != ContentHash : name == "x-amz-target"));
        var missing = request.Headers.Keys.Append("host").Select(n => n.ToLowerInvariant()).Distinct().Where(n => MustBeSigned(n) && !signature.SignedHeaders.Contains(n)).ToList();
        if (missing.Count > 0)
        {
            throw rules.Refusals.HeadersNotSigned(missing);
        }
    }

    private static async Task<string> Computed(HttpContext http, Signature signature, SigningRules rules)
    {
        if (http.Request.Headers[ContentHash] == Signature.UnsignedPayload && signature.SignedHeaders.Contains(ContentHash))
        {
            return Signature.UnsignedPayload;
        }

        var body = await RequestContent.Keep(http, rules.LargestBody, () => rules.Refusals.TooLarge(rules.LargestBody));
        return body.Length == 0 ? EmptyHash : Convert.ToHexStringLower(SHA256.HashData(body));
    }
}

/// <summary>A signature that was right, and the key that made it: the chunks of a body are signed on from it.</summary>
internal sealed record CheckedSignature(Signature Signature, byte[] Key);
