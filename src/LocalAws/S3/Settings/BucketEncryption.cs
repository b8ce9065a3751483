using System.Xml.Linq;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>How objects are encrypted that ask for nothing: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html</summary>
internal sealed class BucketEncryption(SettingOperations settings)
{
    private const string Default = "ApplyServerSideEncryptionByDefault";
    private const string BucketKey = "BucketKeyEnabled";

    private static readonly BucketSetting Setting = new(new("ServerSideEncryptionConfiguration",
        Required("Rule",
            new XmlShape(Default,
                Required("SSEAlgorithm") with { Values = ["AES256", "aws:kms", "aws:kms:dsse"] },
                new XmlShape("KMSMasterKeyID")),
            Flag(BucketKey),
            new XmlShape("BlockedEncryptionTypes", Any("EncryptionType") with { Values = ["NONE", "SSE-C"] }))))
    {
        Initial = new("ServerSideEncryptionConfiguration", new XElement(
            "Rule", new XElement(Default, new XElement("SSEAlgorithm", "AES256")), new XElement(BucketKey, "false"))),
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["encryption"])]
    public Task PutBucketEncryption(S3Request request) => settings.Put(request, Setting, Check);

    [S3Operation("GET", S3Level.Bucket, Query = ["encryption"])]
    public Task GetBucketEncryption(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["encryption"])]
    public Task DeleteBucketEncryption(S3Request request) => settings.Delete(request, Setting);

    /// <summary>How a bucket encrypts objects whose requests say nothing; null where nobody said.</summary>
    public static (string Algorithm, string? KeyId, bool BucketKey)? DefaultOf(Bucket bucket) =>
        bucket.Settings.ContainsKey(Setting.Shape.Name) && Setting.Of(bucket)?.Element("Rule") is { } rule && rule.Element(Default) is { } given
            ? (given.Element("SSEAlgorithm")!.Value, given.Element("KMSMasterKeyID")?.Value, bool.Parse(rule.Element(BucketKey)!.Value))
            : null;

    private static void Check(Bucket bucket, XElement document)
    {
        var rule = document.Element("Rule")!;
        if (rule.Element(Default)?.Element("SSEAlgorithm")!.Value == "aws:kms:dsse")
        {
            throw AwsErrors.NotImplemented("S3's dual-layer encryption, aws:kms:dsse");
        }

        if (rule.Element(Default) is { } given && given.Element("KMSMasterKeyID") is not null && given.Element("SSEAlgorithm")!.Value == "AES256")
        {
            throw S3Errors.InvalidArgument("a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse", Default, "AES256");
        }

        if (rule.Element(BucketKey) is null)
        {
            rule.Add(new XElement(BucketKey, "false"));
        }
    }
}
