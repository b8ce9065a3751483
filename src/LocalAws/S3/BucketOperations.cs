using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.S3;

/// <summary>The operations on buckets.</summary>
internal sealed class BucketOperations(Buckets buckets, Uploads uploads, ObjectFiles files, Database database)
{
    private const string DefaultRegion = "us-east-1";
    private const int MostBuckets = 10_000;

    [S3Operation("PUT", S3Level.Bucket)]
    public async Task CreateBucket(S3Request request)
    {
        OwnershipControls.CheckHeader(request);
        var configuration = await Configuration(request);
        var region = Region(request, configuration);
        database.Write(_ =>
        {
            buckets.Create(request.Bucket, region);
            if (configuration?.Element("Tags") is { } tags)
            {
                buckets.Change(request.Bucket, bucket => BucketTagging.Put(bucket, tags));
            }
        });
        request.SetHeader("Location", "/" + request.Bucket);
        await request.Answer();
    }

    [S3Operation("HEAD", S3Level.Bucket)]
    public Task HeadBucket(S3Request request)
    {
        request.SetHeader("x-amz-bucket-region", buckets.Require(request.Bucket).Region);
        request.SetHeader("x-amz-access-point-alias", "false");
        return request.Answer();
    }

    [S3Operation("DELETE", S3Level.Bucket)]
    public Task DeleteBucket(S3Request request)
    {
        files.Delete(database.Write(c =>
        {
            buckets.Delete(request.Bucket);
            return uploads.RemoveAll(c, request.Bucket);
        }));
        return request.Answer(StatusCodes.Status204NoContent);
    }

    [S3Operation("GET", S3Level.Bucket, Query = ["location"])]
    public Task GetBucketLocation(S3Request request)
    {
        var region = buckets.Require(request.Bucket).Region;
        return request.AnswerXml("LocationConstraint", xml => xml.WriteString(region == DefaultRegion ? "" : region));
    }

    [S3Operation("GET", S3Level.Service, Optional = ["prefix", "max-buckets", "continuation-token", "bucket-region"])]
    public Task ListBuckets(S3Request request)
    {
        var (prefix, region) = (request.Parameter("prefix") ?? "", request.Parameter("bucket-region"));
        var size = Math.Min(request.Number("max-buckets", MostBuckets), MostBuckets);
        var token = request.Parameter("continuation-token") is { } given ? ContinuationToken.Last(given) : "";
        var found = buckets.All().FindAll(b => b.Name.StartsWith(prefix, StringComparison.Ordinal) && string.CompareOrdinal(b.Name, token) > 0 && (region ?? b.Region) == b.Region);
        var page = found.Take(Math.Max(size, 1)).ToList();
        return request.AnswerXml("ListAllMyBucketsResult", xml =>
        {
            request.WriteOwner(xml, "Owner");
            xml.WriteStartElement("Buckets");
            foreach (var bucket in page)
            {
                xml.WriteStartElement("Bucket");
                xml.WriteElementString("Name", bucket.Name);
                xml.WriteElementString("CreationDate", S3Request.Iso(bucket.Created));
                xml.WriteElementString("BucketRegion", bucket.Region);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            S3Request.WriteOptional(xml, "Prefix", request.Parameter("prefix"));
            S3Request.WriteOptional(xml, "ContinuationToken", page.Count < found.Count ? ContinuationToken.After(page[^1].Name) : null);
        });
    }

    private static async Task<XElement?> Configuration(S3Request request)
    {
        if (request.Http.Request.ContentLength == 0 || (request.Http.Request.ContentLength is null && request.Header("Transfer-Encoding") is null))
        {
            return null;
        }

        var root = await RequestBody.ReadXml(request);
        if (root.Name.LocalName != "CreateBucketConfiguration")
        {
            throw S3Errors.MalformedXml("CreateBucketConfiguration is expected");
        }

        return root.Elements().FirstOrDefault(e => e.Name.LocalName is not ("LocationConstraint" or "Tags")) is { } other
            ? throw AwsErrors.NotImplemented($"S3.CreateBucket.{other.Name.LocalName}")
            : root;
    }

    /// <summary>The region that a bucket is asked for in: its location constraint, else the region of the request's signature.</summary>
    private static string Region(S3Request request, XElement? configuration)
    {
        var constraint = (string?)configuration?.Element("LocationConstraint") is { Length: > 0 } text ? (text == "EU" ? "eu-west-1" : text) : request.Caller.Region;
        return constraint == request.Caller.Region || request.Caller.Region == DefaultRegion
            ? constraint
            : throw S3Errors.Bad(
                "IllegalLocationConstraintException",
                $"The {constraint} location constraint is incompatible for the region specific endpoint this request was sent to.");
    }
}
