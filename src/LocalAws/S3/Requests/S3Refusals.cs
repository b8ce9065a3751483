using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>S3's own refusals: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html</summary>
internal sealed class S3Refusals : Refusals
{
    public override AwsException NotSigned() => S3Errors.AccessDenied("Access Denied: the request is not signed, and no bucket is public.");

    public override AwsException Malformed(string what, bool inQuery) =>
        inQuery ? S3Errors.Bad("AuthorizationQueryParametersError", what) : S3Errors.Bad("AuthorizationHeaderMalformed", $"The authorization header is malformed; {what}");

    public override AwsException NoDate() => S3Errors.AccessDenied("AWS authentication requires a valid Date or x-amz-date header");

    public override AwsException UnknownKey(string accessKeyId) => Denied(
        "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.", ("AWSAccessKeyId", accessKeyId));

    public override AwsException InvalidToken(string token) => S3Errors.Bad("InvalidToken", "The provided token is malformed or otherwise invalid.", ("Token-0", token));

    public override AwsException ExpiredToken(string token) => S3Errors.Bad("ExpiredToken", "The provided token has expired.", ("Token-0", token));

    public override AwsException WrongSignature(Signature signature, string toSign, string canonical) => Denied(
        "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.",
        [
            ("AWSAccessKeyId", signature.AccessKeyId), ("StringToSign", toSign), ("SignatureProvided", signature.Value), ("StringToSignBytes", Bytes(toSign)),
            .. canonical.Length == 0 ? [] : (IEnumerable<(string, string)>)[("CanonicalRequest", canonical), ("CanonicalRequestBytes", Bytes(canonical))],
        ]);

    public override AwsException Skewed(Signature signature, DateTimeOffset now) => signature.Expires is not null
        ? S3Errors.AccessDenied("Request is not valid yet", ("X-Amz-Date", signature.SignedAt), ("ServerTime", S3Request.Iso(now)))
        : Denied(
            "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.",
            ("RequestTime", signature.SignedAt), ("ServerTime", S3Request.Iso(now)), ("MaxAllowedSkewMilliseconds", $"{Authentication.MostSkewMinutes * 60_000}"));

    public override AwsException UrlExpired(Signature signature, DateTimeOffset now) => Expired(
        signature.Time.AddSeconds(signature.Expires!.Value), now, ("X-Amz-Expires", signature.Expires.Value.ToString(CultureInfo.InvariantCulture)));

    public override AwsException WrongRegion(string region, string expected, bool inQuery)
    {
        var what = $"the region '{region}' is wrong; expecting '{expected}'";
        return inQuery ? S3Errors.Bad("AuthorizationQueryParametersError", $"Error parsing the X-Amz-Credential parameter; {what}", ("Region", expected))
            : S3Errors.Bad("AuthorizationHeaderMalformed", $"The authorization header is malformed; {what}", ("Region", expected));
    }

    public override AwsException HeadersNotSigned(IReadOnlyList<string> names) => S3Errors.AccessDenied(
        "There were headers present in the request which were not signed", ("HeadersNotSigned", string.Join(", ", names)));

    public override AwsException TooLarge(int largest) => S3Errors.Bad("MaxMessageLengthExceeded", "Your request was too big.");

    public override AwsException TooSlow() => S3Errors.Bad(
        "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period. Idle connections will be closed.");

    /// <summary>A URL that was good until a time.</summary>
    public static AwsException Expired(DateTimeOffset expires, DateTimeOffset now, params IEnumerable<(string Name, string Value)> members) =>
        S3Errors.AccessDenied("Request has expired", [.. members, ("Expires", S3Request.Iso(expires)), ("ServerTime", S3Request.Iso(now))]);

    private static AwsException Denied(string code, string message, params IEnumerable<(string Name, string Value)> members) =>
        S3Errors.Make(code, HttpStatusCode.Forbidden, message, members);

    private static string Bytes(string text) => string.Join(' ', Encoding.UTF8.GetBytes(text).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
}
