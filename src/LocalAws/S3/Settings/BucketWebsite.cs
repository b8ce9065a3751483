using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Buckets as web sites, which are not served here: https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteHosting.html</summary>
internal sealed class BucketWebsite(SettingOperations settings)
{
    private static readonly BucketSetting Setting = new(new("WebsiteConfiguration",
        new XmlShape("ErrorDocument", Required("Key")),
        new XmlShape("IndexDocument", Required("Suffix")),
        new XmlShape("RedirectAllRequestsTo", Required("HostName"), new XmlShape("Protocol")),
        new XmlShape("RoutingRules",
            Any("RoutingRule",
                new XmlShape("Condition", new XmlShape("HttpErrorCodeReturnedEquals"), new XmlShape("KeyPrefixEquals")),
                Required("Redirect",
                    new XmlShape("HostName"), new XmlShape("HttpRedirectCode") { From = 301 }, new XmlShape("Protocol"),
                    new XmlShape("ReplaceKeyPrefixWith"), new XmlShape("ReplaceKeyWith"))) with { Least = 1 })))
    {
        Missing = ("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
        NeedsChecksum = false,
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["website"])]
    public Task PutBucketWebsite(S3Request request) => settings.Put(request, Setting, Check);

    [S3Operation("GET", S3Level.Bucket, Query = ["website"])]
    public Task GetBucketWebsite(S3Request request) => settings.Get(request, Setting);

    [S3Operation("DELETE", S3Level.Bucket, Query = ["website"])]
    public Task DeleteBucketWebsite(S3Request request) => settings.Delete(request, Setting);

    private static void Check(Bucket bucket, XElement document)
    {
        var (all, index) = (document.Element("RedirectAllRequestsTo"), document.Element("IndexDocument"));
        if (all is not null && document.Elements().Count() > 1)
        {
            throw S3Errors.InvalidArgument("RedirectAllRequestsTo cannot be provided in conjunction with other Routing Rules.", all.Name.LocalName, "not null");
        }

        if (all is null && index is null)
        {
            throw S3Errors.InvalidArgument("A value for IndexDocument Suffix must be provided if RedirectAllRequestsTo is empty", "IndexDocument", "null");
        }

        if (index is not null && (string)index.Element("Suffix")! is var suffix && (suffix.Length == 0 || suffix.Contains('/', StringComparison.Ordinal)))
        {
            throw S3Errors.InvalidArgument("The IndexDocument Suffix is not well formed", "IndexDocument", suffix);
        }

        if (document.Descendants("Protocol").Any(p => p.Value is not ("http" or "https")))
        {
            throw S3Errors.InvalidRequest("Invalid protocol, protocol can be http or https. If not defined the protocol will be selected automatically.");
        }

        CheckRules(document);
    }

    private static void CheckRules(XElement document)
    {
        foreach (var rule in document.Descendants("RoutingRule"))
        {
            if (rule.Element("Redirect") is { } redirect && redirect.Element("ReplaceKeyPrefixWith") is not null && redirect.Element("ReplaceKeyWith") is not null)
            {
                throw S3Errors.InvalidRequest("You can only define ReplaceKeyPrefix or ReplaceKey but not both.");
            }

            if (rule.Element("Condition") is { HasElements: false })
            {
                throw S3Errors.InvalidRequest("Condition cannot be empty. To redirect all requests without a condition, the condition element shouldn't be present.");
            }
        }
    }
}
