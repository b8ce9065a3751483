using System.Xml.Linq;
using Slipway.LocalAws.S3.Requests;
using static Slipway.LocalAws.S3.Settings.XmlShape;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Who pays for requests, of which none costs anything here: https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html</summary>
internal sealed class RequestPayment(SettingOperations settings)
{
    private static readonly BucketSetting Setting = new(new("RequestPaymentConfiguration", Required("Payer") with { Values = ["BucketOwner", "Requester"] }))
    {
        Initial = new("RequestPaymentConfiguration", new XElement("Payer", "BucketOwner")),
        NeedsChecksum = false,
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["requestPayment"])]
    public Task PutBucketRequestPayment(S3Request request) => settings.Put(request, Setting);

    [S3Operation("GET", S3Level.Bucket, Query = ["requestPayment"])]
    public Task GetBucketRequestPayment(S3Request request) => settings.Get(request, Setting);
}
