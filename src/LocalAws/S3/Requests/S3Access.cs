using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.S3.Forms;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>Who may do a request, and until when.</summary>
internal sealed class S3Access(LocalAwsOptions options)
{
    private static readonly S3Refusals Refusals = new();

    /// <summary>How requests to S3 are signed.</summary>
    public static SigningRules Rules { get; } = new(Refusals)
    {
        IsS3 = true,
        Payload = PayloadHash.Signed,
        CheckOther = (http, credentials) => SignatureVersion2.Check(http, credentials)?.Identity,
        // a form's signature is among its fields
        TakesUnsigned = r => HttpMethods.IsOptions(r.Method) || PostForm.IsForm(r),
    };

    /// <exception cref="AwsException">AccessDenied: not signed, expired, or another account's bucket is expected.</exception>
    public void Check(S3Request request)
    {
        var (http, now) = (request.Http.Request, options.Time.GetUtcNow());
        if (SignatureVersion2.IsPresigned(http))
        {
            SignatureVersion2.CheckTime(http, now);
        }
        else if (options.RequireAuth is null)
        {
            CheckClaim(http, now);
        }

        foreach (var header in (string[])["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"])
        {
            if (request.Header(header) is { } owner && owner != options.AccountId)
            {
                throw S3Errors.AccessDenied($"Access Denied: the bucket is owned by {options.AccountId}, not by {owner}.");
            }
        }
    }

    /// <summary>Where nobody checks signatures, a request must still say that it has one, and a presigned URL ends.</summary>
    private static void CheckClaim(HttpRequest http, DateTimeOffset now)
    {
        if (Signature.IsPresigned(http))
        {
            Authentication.CheckTime(Signature.OfQuery(http, Refusals), now, Refusals);
        }
        else if (http.Headers.Authorization.Count == 0 && !PostForm.IsForm(http))
        {
            throw Refusals.NotSigned();
        }
    }
}
