using System.Net;
using System.Xml.Linq;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>
/// Access control lists as S3 has them where the owner of a bucket owns what is in it: they can be read, and set to
/// what they are: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
/// </summary>
internal sealed class AccessControl(Buckets buckets, RequestedObjects requested)
{
    private const string Canned = "x-amz-acl";
    private const string Grants = "x-amz-grant-";
    private const string FullControl = "FULL_CONTROL";
    private const string InstanceNamespace = "http://www.w3.org/2001/XMLSchema-instance";

    private static readonly string[] CannedLists =
    [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write",
    ];

    private static readonly XmlShape Policy = new("AccessControlPolicy",
        Required("Owner", Required("ID"), new XmlShape("DisplayName")),
        Required("AccessControlList", Any("Grant",
            Required("Grantee", Grantee),
            Required("Permission") with { Values = [FullControl, "READ", "WRITE", "READ_ACP", "WRITE_ACP"] })));

    /// <summary>What the Grantee of a grant holds.</summary>
    public static IReadOnlyList<XmlShape> Grantee => [new("DisplayName"), new("EmailAddress"), new("ID"), new("URI")];

    /// <summary>Refuses the headers of a request that give what it makes an access control list.</summary>
    /// <param name="request">The request.</param>
    /// <param name="operation">The operation that it is for.</param>
    /// <exception cref="AwsException">AccessControlListNotSupported, InvalidBucketAclWithObjectOwnership, InvalidArgument, InvalidRequest.</exception>
    public static void CheckHeaders(S3Request request, string operation)
    {
        var (canned, grants) = (request.Header(Canned), request.Headers.Keys.Any(k => k.StartsWith(Grants, StringComparison.OrdinalIgnoreCase)));
        if (canned is null && !grants)
        {
            return;
        }

        if (canned is not null && grants)
        {
            throw S3Errors.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
        }

        if (canned is not null && !CannedLists.Contains(canned))
        {
            throw S3Errors.InvalidArgument($"The canned access control list is none of {string.Join(", ", CannedLists)}", Canned, canned);
        }

        // a bucket that is made private is what it would be anyway; later on S3 takes no list but the owner's full control
        if (canned != "bucket-owner-full-control" && !(canned == "private" && operation == nameof(BucketOperations.CreateBucket)))
        {
            throw operation == nameof(BucketOperations.CreateBucket)
                ? S3Errors.Bad("InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
                : NotSupported();
        }
    }

    [S3Operation("GET", S3Level.Bucket, Query = ["acl"])]
    public Task GetBucketAcl(S3Request request)
    {
        buckets.Require(request.Bucket);
        return Answer(request);
    }

    [S3Operation("GET", S3Level.Object, Query = ["acl"], Optional = ["versionId"])]
    public Task GetObjectAcl(S3Request request)
    {
        requested.Find(request);
        return Answer(request);
    }

    [S3Operation("PUT", S3Level.Bucket, Query = ["acl"])]
    public Task PutBucketAcl(S3Request request)
    {
        buckets.Require(request.Bucket);
        return Put(request);
    }

    [S3Operation("PUT", S3Level.Object, Query = ["acl"], Optional = ["versionId"])]
    public Task PutObjectAcl(S3Request request)
    {
        requested.Find(request);
        return Put(request);
    }

    private static AwsException NotSupported() => S3Errors.Bad("AccessControlListNotSupported", "The bucket does not allow ACLs");

    /// <summary>Takes what is there already, in the body where no header says it.</summary>
    private static async Task Put(S3Request request)
    {
        var body = await RequestBody.ReadWhole(request);
        if (request.Header(Canned) is not null)
        {
            if (body.Length > 0)
            {
                throw S3Errors.Bad("UnexpectedContent", "This request does not support content");
            }
        }
        else if (body.Length == 0)
        {
            throw S3Errors.Bad("MissingSecurityHeader", "Your request was missing a required header", ("MissingHeaderName", Canned));
        }
        else
        {
            CheckPolicy(request, body);
        }

        await request.Answer();
    }

    private static void CheckPolicy(S3Request request, byte[] body)
    {
        XElement policy;
        try
        {
            policy = Policy.Read(RequestBody.ParseXml(body));
        }
        catch (AwsException e) when (e.Code == "MalformedXML")
        {
            throw new AwsException("MalformedACLError", HttpStatusCode.BadRequest, e.Message, inner: e);
        }

        var grants = policy.Element("AccessControlList")!.Elements().ToList();
        var owner = (string)policy.Element("Owner")!.Element("ID")!;
        if (owner != request.OwnerId)
        {
            throw S3Errors.InvalidArgument("Invalid id", "CanonicalUser/ID", owner);
        }

        if (grants.Count != 1 || (string?)grants[0].Element("Grantee")!.Element("ID") != owner || (string?)grants[0].Element("Permission") != FullControl)
        {
            throw NotSupported();
        }
    }

    private static Task Answer(S3Request request) => request.AnswerXml("AccessControlPolicy", xml =>
    {
        request.WriteOwner(xml, "Owner");
        xml.WriteStartElement("AccessControlList");
        xml.WriteStartElement("Grant");
        xml.WriteStartElement("Grantee");
        xml.WriteAttributeString("xmlns", "xsi", null, InstanceNamespace);
        xml.WriteAttributeString("xsi", "type", InstanceNamespace, "CanonicalUser");
        xml.WriteElementString("ID", request.OwnerId);
        xml.WriteEndElement();
        xml.WriteElementString("Permission", FullControl);
        xml.WriteEndElement();
        xml.WriteEndElement();
    });
}
