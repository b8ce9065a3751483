using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>The tags of buckets: https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html</summary>
internal sealed partial class BucketTagging(SettingOperations settings)
{
    private const int MostTags = 50;

    private static readonly BucketSetting Setting = new(new("Tagging",
        Required("TagSet", Any("Tag", Required("Key"), Required("Value")))))
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

    private static void Check(XElement document)
    {
        var tags = document.Element("TagSet")!.Elements().Select(t => (Key: t.Element("Key")!.Value, Value: t.Element("Value")!.Value)).ToList();
        if (tags.Count > MostTags)
        {
            throw S3Errors.Bad("BadRequest", $"Bucket tag count cannot be greater than {MostTags}");
        }

        foreach (var (key, value) in tags)
        {
            if (key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
            {
                throw S3Errors.Bad("InvalidTag", "System tags cannot be added/updated by requester", ("TagKey", key));
            }

            if (!KeyPattern().IsMatch(key))
            {
                throw S3Errors.Bad("InvalidTag", "The TagKey you have provided is invalid", ("TagKey", key));
            }

            if (!ValuePattern().IsMatch(value))
            {
                throw S3Errors.Bad("InvalidTag", "The TagValue you have provided is invalid", ("TagKey", key), ("TagValue", value));
            }
        }

        if (tags.GroupBy(t => t.Key).FirstOrDefault(g => g.Count() > 1) is { } twice)
        {
            throw S3Errors.Bad("InvalidTag", "Cannot provide multiple Tags with the same key", ("TagKey", twice.Key));
        }
    }

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}\z")]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\A[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}\z")]
    private static partial Regex ValuePattern();
}
