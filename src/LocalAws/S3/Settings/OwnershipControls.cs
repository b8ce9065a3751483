using System.Xml.Linq;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// Who owns a bucket's objects: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html.
/// The owner of the bucket does, whatever is deleted here; what would bring access control lists back is refused.
/// </summary>
internal sealed class OwnershipControls(SettingOperations settings)
{
    private const string Header = "x-amz-object-ownership";
    private const string Enforced = "BucketOwnerEnforced";

    private static readonly string[] Values = [Enforced, "BucketOwnerPreferred", "ObjectWriter"];

    private static readonly BucketSetting Setting = new(new("OwnershipControls", Required("Rule", Required("ObjectOwnership") with { Values = Values })))
    {
        Initial = new("OwnershipControls", new XElement("Rule", new XElement("ObjectOwnership", Enforced))),
        Missing = ("OwnershipControlsNotFoundError", "The bucket ownership controls were not found"),
    };

    /// <summary>Checks the ownership that a request to create a bucket asks for.</summary>
    /// <exception cref="AwsException">InvalidArgument, NotImplemented.</exception>
    public static void CheckHeader(S3Request request)
    {
        if (request.Header(Header) is { } ownership)
        {
            Check("CreateBucket", Values.Contains(ownership) ? ownership : throw S3Errors.InvalidArgument($"Invalid {Header} header: {ownership}", Header, ownership));
        }
    }

    [S3Operation("PUT", S3Level.Bucket, Query = ["ownershipControls"])]
    public Task PutBucketOwnershipControls(S3Request request) =>
        settings.Put(request, Setting, (_, document) => Check(nameof(PutBucketOwnershipControls), document.Element("Rule")!.Element("ObjectOwnership")!.Value));

    [S3Operation("GET", S3Level.Bucket, Query = ["ownershipControls"])]
    public Task GetBucketOwnershipControls(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["ownershipControls"])]
    public Task DeleteBucketOwnershipControls(S3Request request) => settings.Delete(request, Setting);

    private static void Check(string operation, string ownership)
    {
        if (ownership != Enforced)
        {
            throw AwsErrors.NotImplemented($"S3.{operation} with ObjectOwnership {ownership}, which turns access control lists on");
        }
    }
}
