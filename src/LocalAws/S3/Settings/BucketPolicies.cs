using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// The policies of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html. They are checked
/// and given back; who signs is the owner here, and no request is refused by a policy.
/// </summary>
internal sealed class BucketPolicies(Buckets buckets)
{
    private const string Setting = "Policy";

    [S3Operation("PUT", S3Level.Bucket, Query = ["policy"])]
    public async Task PutBucketPolicy(S3Request request)
    {
        buckets.Require(request.Bucket);
        var text = Encoding.UTF8.GetString(await RequestBody.ReadWhole(request));
        var policy = BucketPolicy.Read(text, request.Bucket);
        buckets.Change(request.Bucket, bucket => policy.IsPublic && PublicAccessBlock.BlocksPublicPolicy(bucket)
            ? throw S3Errors.AccessDenied(
                $"Access Denied: the policy makes {bucket.Name} public, and public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.")
            : bucket.With(Setting, text));
        await request.Answer(StatusCodes.Status204NoContent);
    }

    [S3Operation("GET", S3Level.Bucket, Query = ["policy"])]
    public async Task GetBucketPolicy(S3Request request)
    {
        var text = Encoding.UTF8.GetBytes(Require(request));
        request.Http.Response.ContentType = "application/json";
        request.Http.Response.ContentLength = text.Length;
        await request.Http.Response.Body.WriteAsync(text, request.Cancellation);
    }

    [S3Operation("DELETE", S3Level.Bucket, Query = ["policy"])]
    public Task DeleteBucketPolicy(S3Request request)
    {
        buckets.Change(request.Bucket, bucket => bucket.With(Setting, null));
        return request.Answer(StatusCodes.Status204NoContent);
    }

    [S3Operation("GET", S3Level.Bucket, Query = ["policyStatus"])]
    public Task GetBucketPolicyStatus(S3Request request)
    {
        var policy = BucketPolicy.Read(Require(request), request.Bucket);
        return request.AnswerXml("PolicyStatus", xml => xml.WriteElementString("IsPublic", policy.IsPublic ? "true" : "false"));
    }

    private string Require(S3Request request) => buckets.Require(request.Bucket).Settings.GetValueOrDefault(Setting)
        ?? throw S3Errors.Make("NoSuchBucketPolicy", HttpStatusCode.NotFound, "The bucket policy does not exist", ("BucketName", request.Bucket));
}
