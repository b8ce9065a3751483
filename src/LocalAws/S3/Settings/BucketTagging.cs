using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>The tags of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html</summary>
internal sealed class BucketTagging(SettingOperations settings)
{
    private const int MostTags = 50;

    private static readonly BucketSetting Setting = new(TagRules.Document)
    {
        Missing = ("NoSuchTagSet", "The TagSet does not exist"),
    };

    /// <summary>A bucket with the tags that it is created with.</summary>
    /// <param name="bucket">The bucket.</param>
    /// <param name="tags">An element with Tag elements.</param>
    /// <exception cref="Aws.Wire.AwsException">MalformedXML, InvalidTag, BadRequest.</exception>
    public static Bucket Put(Bucket bucket, XElement tags)
    {
        var document = Setting.Shape.Read(new XElement("Tagging", new XElement("TagSet", tags.Nodes())));
        Check(document);
        return Setting.Put(bucket, document);
    }

    [S3Operation("PUT", S3Level.Bucket, Query = ["tagging"])]
    public async Task PutBucketTagging(S3Request request) =>
        await settings.Put(request, Setting, (_, document) => Check(document), StatusCodes.Status204NoContent);

    [S3Operation("GET", S3Level.Bucket, Query = ["tagging"])]
    public Task GetBucketTagging(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["tagging"])]
    public Task DeleteBucketTagging(S3Request request) => settings.Delete(request, Setting);

    private static void Check(XElement document) => TagRules.Check(TagRules.Read(document), MostTags, "Bucket tag count");
}
