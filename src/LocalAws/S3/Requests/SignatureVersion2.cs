using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>
/// URLs that are presigned by signature version 2, as boto3 does by default in us-east-1:
/// https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAuthentication.html. Headers of that version are refused.
/// </summary>
internal static class SignatureVersion2
{
    private const long LatestTime = 253402300799;
    private static readonly S3Refusals Refusals = new();

    /// <summary>The query parameters that are a part of what is signed.</summary>
    private static readonly HashSet<string> Signed =
    [
        "accelerate", "acl", "analytics", "attributes", "cors", "delete", "encryption", "inventory", "legal-hold", "lifecycle", "location", "logging", "metrics", "notification", "object-lock",
        "ownershipControls", "partNumber", "policy", "policyStatus", "publicAccessBlock", "replication", "requestPayment", "response-cache-control", "response-content-disposition",
        "response-content-encoding", "response-content-language", "response-content-type", "response-expires", "restore", "retention", "select", "select-type", "tagging", "torrent",
        "uploadId", "uploads", "versionId", "versioning", "versions", "website",
    ];

    /// <summary>Whether a URL is presigned so.</summary>
    public static bool IsPresigned(HttpRequest request) =>
        request.Query.ContainsKey("AWSAccessKeyId") && request.Query.ContainsKey("Signature") && request.Query.ContainsKey("Expires");

    /// <exception cref="AwsException">AccessDenied: the URL is good no longer.</exception>
    public static void CheckTime(HttpRequest request, DateTimeOffset now)
    {
        var text = request.Query["Expires"].ToString();
        var expires = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LatestTime
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw S3Errors.AccessDenied($"Invalid date (should be seconds since epoch): {text}");
        if (now > expires)
        {
            throw S3Refusals.Expired(expires, now);
        }
    }

    /// <summary>The credential that presigned a URL, or null where none did.</summary>
    /// <exception cref="AwsException">The signature is wrong, or in the header.</exception>
    public static SigningCredential? Check(HttpContext http, CredentialStore credentials)
    {
        var request = http.Request;
        if (request.Headers.Authorization.Count > 0)
        {
            throw S3Errors.InvalidRequest($"The authorization mechanism you have provided is not supported. Please use {Signature.Algorithm}.");
        }

        if (!IsPresigned(request))
        {
            return null;
        }

        var id = request.Query["AWSAccessKeyId"].ToString();
        var token = request.Query["x-amz-security-token"] is [{ Length: > 0 } given, ..] ? given : null;
        return CheckText(credentials.Find(id, token, Refusals), ToSign(http), request.Query["Signature"].ToString());
    }

    /// <summary>Checks that a text was signed by a credential, as the policy of a form is.</summary>
    /// <exception cref="AwsException">It was not.</exception>
    public static SigningCredential CheckText(SigningCredential credential, string text, string signature)
    {
        // version 2 knows no other hash
        var expected = Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(credential.SecretAccessKey), Encoding.UTF8.GetBytes(text)));
        return SigningCredential.Same(expected, signature) ? credential
            : throw Refusals.WrongSignature(new(credential.AccessKeyId, "", "", default, [], signature), text, "");
    }

    private static string ToSign(HttpContext http)
    {
        var (request, target) = (http.Request, RequestTarget.Of(http));
        var parameters = target.Parameters().ToList();
        string Value(string name) => request.Headers[name] is [{ } header, ..] ? header : parameters.FirstOrDefault(p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
        var amz = request.Headers.Select(h => (Name: h.Key.ToLowerInvariant(), Value: h.Value.ToString().Trim())).Concat(parameters.Select(p => (Name: p.Name.ToLowerInvariant(), p.Value)))
            .Where(h => h.Name.StartsWith("x-amz-", StringComparison.Ordinal)).GroupBy(h => h.Name, h => h.Value).OrderBy(h => h.Key, StringComparer.Ordinal)
            .Select(h => $"{h.Key}:{string.Join(',', h.Distinct())}\n");
        var subresources = parameters.Where(p => Signed.Contains(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal).Select(p => p.Value.Length > 0 ? $"{p.Name}={p.Value}" : p.Name).ToList();
        var bucket = S3Request.VirtualHost(request) is { } name ? "/" + name : "";
        // not the header of that name, which is the object's: what is signed must be what CheckTime looks at
        var expires = request.Query["Expires"].ToString();
        return $"{request.Method}\n{Value("Content-MD5")}\n{Value("Content-Type")}\n{expires}\n{string.Concat(amz)}{bucket}{target.Path}"
            + (subresources.Count > 0 ? "?" + string.Join('&', subresources) : "");
    }
}
