using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;

namespace Slipway.LocalAws.S3;

/// <summary>Whether a bucket keeps the versions of its objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html</summary>
internal sealed class BucketVersioning(Buckets buckets)
{
    /// <summary>Each put makes a version of its own.</summary>
    public const string Enabled = "Enabled";

    /// <summary>The versions stay, and each put makes or replaces the null version.</summary>
    public const string Suspended = "Suspended";

    private static readonly XmlShape Configuration = new("VersioningConfiguration",
        new XmlShape("Status") { Values = [Enabled, Suspended] }, new XmlShape("MfaDelete") { Values = [Enabled, "Disabled"] });

    [S3Operation("PUT", S3Level.Bucket, Query = ["versioning"])]
    public async Task PutBucketVersioning(S3Request request)
    {
        buckets.Require(request.Bucket);
        var document = Configuration.Read(await RequestBody.ReadXml(request));
        if ((string?)document.Element("MfaDelete") == Enabled)
        {
            throw AwsErrors.NotImplemented("S3.PutBucketVersioning.MfaDelete");
        }

        buckets.Change(request.Bucket, bucket => bucket with
        {
            Versioning = (string?)document.Element("Status") ?? throw S3Errors.Bad(
                "IllegalVersioningConfigurationException", "The Versioning element must be specified: its Status is Enabled or Suspended."),
        });
        await request.Answer();
    }

    [S3Operation("GET", S3Level.Bucket, Query = ["versioning"])]
    public Task GetBucketVersioning(S3Request request)
    {
        var versioning = buckets.Require(request.Bucket).Versioning;
        // a bucket that never had versions says nothing
        return request.AnswerXml("VersioningConfiguration", xml => S3Request.WriteOptional(xml, "Status", versioning));
    }
}
