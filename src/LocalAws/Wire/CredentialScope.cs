using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.Wire;

/// <summary>
/// The credential scope of a SigV4 signature, from the Authorization header or a presigned URL:
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html.
/// </summary>
/// <param name="AccessKeyId">The access key.</param>
/// <param name="Region">The region.</param>
/// <param name="Service">The service's signing name.</param>
internal sealed record CredentialScope(string AccessKeyId, string Region, string Service)
{
    /// <summary>What each scope ends with.</summary>
    public const string Terminator = "aws4_request";

    /// <summary>Reads the scope of a request, or null where it isn't signed.</summary>
    public static CredentialScope? Of(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        const string marker = "Credential=";
        var at = header.IndexOf(marker, StringComparison.Ordinal);
        var credential = at < 0 ? request.Query["X-Amz-Credential"].ToString() : header.AsSpan(at + marker.Length);
        credential = at >= 0 && credential.IndexOfAny(',', ' ') is >= 0 and var end ? credential[..end] : credential;
        // an access key id has no slash, so date, region, service and the terminator are the last four parts; SigV4a has no region
        Span<Range> parts = stackalloc Range[6];
        return credential.Split(parts, '/') switch
        {
            5 => new(credential[parts[0]].ToString(), credential[parts[2]].ToString(), credential[parts[3]].ToString()),
            4 when credential[parts[3]] is Terminator => new(credential[parts[0]].ToString(), "", credential[parts[2]].ToString()),
            _ => null,
        };
    }
}
