using System.Net;
using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Which web pages' scripts may use a bucket: https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html</summary>
internal sealed class BucketCors(SettingOperations settings, Buckets buckets)
{
    private const int MostRules = 100;

    private static readonly string[] Methods = ["GET", "PUT", "POST", "DELETE", "HEAD"];

    private static readonly BucketSetting Setting = new(new("CORSConfiguration",
        Required("CORSRule",
            new XmlShape("ID") { Longest = 255 },
            Any("AllowedHeader"),
            Any("AllowedMethod") with { Least = 1 },
            Any("AllowedOrigin") with { Least = 1 },
            Any("ExposeHeader"),
            new XmlShape("MaxAgeSeconds") { From = 0 }) with { Most = MostRules }))
    {
        Missing = ("NoSuchCORSConfiguration", "The CORS configuration does not exist"),
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["cors"])]
    public Task PutBucketCors(S3Request request) => settings.Put(request, Setting, Check);

    [S3Operation("GET", S3Level.Bucket, Query = ["cors"])]
    public Task GetBucketCors(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["cors"])]
    public Task DeleteBucketCors(S3Request request) => settings.Delete(request, Setting);

    /// <summary>Answers a browser that asks whether a script may send a request.</summary>
    /// <exception cref="Aws.Wire.AwsException">BadRequest, AccessForbidden.</exception>
    public Task Preflight(S3Request request)
    {
        var asked = new CorsRequest(request);
        if (asked.Origin is null)
        {
            throw S3Errors.Bad("BadRequest", "Insufficient information. Origin request header needed.");
        }

        var bucket = buckets.Find(request.Bucket) ?? throw Forbidden("Bucket not found", asked, S3Level.Bucket);
        if (Setting.Of(bucket) is not { } document)
        {
            throw Forbidden("CORS is not enabled for this bucket.", asked, S3Level.Bucket);
        }

        if (CorsRule.First(document, asked) is not { } rule)
        {
            throw Forbidden(
                "This CORS request is not allowed. This is usually because the evalution of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource's CORS spec.",
                asked, request.Key.Length == 0 ? S3Level.Bucket : S3Level.Object);
        }

        rule.Write(request, asked);
        return request.Answer();
    }

    /// <summary>Gives the answer to a script's request the headers that let the script read it, where a rule allows that.</summary>
    public void Allow(S3Request request)
    {
        if (request.Header("Origin") is null || buckets.Find(request.Bucket) is not { } bucket || Setting.Of(bucket) is not { } document)
        {
            return;
        }

        var asked = new CorsRequest(request);
        CorsRule.First(document, asked)?.Write(request, asked);
    }

    private static Aws.Wire.AwsException Forbidden(string why, CorsRequest asked, S3Level level) => S3Errors.Make(
        "AccessForbidden", HttpStatusCode.Forbidden, $"CORSResponse: {why}", ("Method", asked.Method), ("ResourceType", level.ToString().ToUpperInvariant()));

    private static void Check(Bucket bucket, XElement document)
    {
        if (document.Descendants("AllowedMethod").FirstOrDefault(m => !Methods.Contains(m.Value)) is { } method)
        {
            throw S3Errors.InvalidRequest($"Found unsupported HTTP method in CORS config. Unsupported method is {method.Value}");
        }

        foreach (var name in (string[])["AllowedOrigin", "AllowedHeader"])
        {
            if (document.Descendants(name).FirstOrDefault(e => e.Value.Count(c => c == '*') > 1) is { } wild)
            {
                throw S3Errors.InvalidRequest($"{name} \"{wild.Value}\" can not have more than one wildcard.");
            }
        }

        if (document.Descendants("ExposeHeader").FirstOrDefault(e => e.Value.Contains('*', StringComparison.Ordinal)) is { } exposed)
        {
            throw S3Errors.InvalidRequest($"ExposeHeader \"{exposed.Value}\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
        }
    }
}
