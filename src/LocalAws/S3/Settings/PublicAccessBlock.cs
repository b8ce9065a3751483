using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// Whether a bucket may be made public: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html.
/// Of the four, BlockPublicPolicy has an effect here: no request without a signature is answered, and there are no access control lists.
/// </summary>
internal sealed class PublicAccessBlock(SettingOperations settings)
{
    private static readonly string[] Flags = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"];

    private static readonly BucketSetting Setting = new(new("PublicAccessBlockConfiguration", [.. Flags.Select(XmlShape.Flag)]))
    {
        Initial = new("PublicAccessBlockConfiguration", Flags.Select(flag => new XElement(flag, "true"))),
        Missing = ("NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found"),
    };

    /// <summary>Whether a bucket takes no policy that makes it public.</summary>
    public static bool BlocksPublicPolicy(Bucket bucket) => (string?)Setting.Of(bucket)?.Element("BlockPublicPolicy") == "true";

    [S3Operation("PUT", S3Level.Bucket, Query = ["publicAccessBlock"])]
    public Task PutPublicAccessBlock(S3Request request) => settings.Put(request, Setting, (_, document) =>
        // S3 answers with all four
        document.Add(Flags.Where(flag => document.Element(flag) is null).Select(flag => new XElement(flag, "false"))));

    [S3Operation("GET", S3Level.Bucket, Query = ["publicAccessBlock"])]
    public Task GetPublicAccessBlock(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["publicAccessBlock"])]
    public Task DeletePublicAccessBlock(S3Request request) => settings.Delete(request, Setting);
}
