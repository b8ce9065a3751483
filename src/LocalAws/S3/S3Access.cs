using System.Globalization;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.S3;

/// <summary>Who may do a request, and until when. Signatures themselves are not checked; this is the place where they would be.</summary>
internal sealed class S3Access(LocalAwsOptions options)
{
    private const int LongestPresigned = 7 * 24 * 3600;
    private const long LatestTime = 253402300799;

    /// <summary>Whether a URL is presigned by signature version 2, as boto3 does by default in us-east-1.</summary>
    public static bool IsVersion2(HttpRequest request) =>
        request.Query.ContainsKey("AWSAccessKeyId") && request.Query.ContainsKey("Signature") && request.Query.ContainsKey("Expires");

    /// <exception cref="AwsException">AccessDenied: not signed, expired, or another account's bucket is expected.</exception>
    public void Check(S3Request request)
    {
        if (IsVersion2(request.Http.Request))
        {
            var text = request.Parameter("Expires");
            CheckTime(long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LatestTime
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : throw S3Errors.AccessDenied($"Invalid date (should be seconds since epoch): {text}"));
        }
        else if (request.Parameter("X-Amz-Signature") is not null)
        {
            CheckTime(Signed(request) + TimeSpan.FromSeconds(Lifetime(request)));
        }
        else if (request.Http.Request.Headers.Authorization.Count == 0)
        {
            throw S3Errors.AccessDenied("Access Denied: the request is not signed, and no bucket is public.");
        }

        foreach (var header in (string[])["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"])
        {
            if (request.Header(header) is { } owner && owner != options.AccountId)
            {
                throw S3Errors.AccessDenied($"Access Denied: the bucket is owned by {options.AccountId}, not by {owner}.");
            }
        }
    }

    private static DateTimeOffset Signed(S3Request request) => DateTimeOffset.TryParseExact(
        request.Parameter("X-Amz-Date"), "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
        ? date
        : throw S3Errors.Bad("AuthorizationQueryParametersError", "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\"");

    private static int Lifetime(S3Request request) =>
        int.TryParse(request.Parameter("X-Amz-Expires"), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= LongestPresigned
            ? seconds
            : throw S3Errors.Bad("AuthorizationQueryParametersError", $"X-Amz-Expires must be a number of seconds from 1 to {LongestPresigned}");

    private void CheckTime(DateTimeOffset expires)
    {
        var now = options.Time.GetUtcNow();
        if (now > expires)
        {
            throw S3Errors.AccessDenied("Request has expired", ("Expires", S3Request.Iso(expires)), ("ServerTime", S3Request.Iso(now)));
        }
    }
}
