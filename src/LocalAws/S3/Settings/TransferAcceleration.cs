using Slipway.LocalAws.S3.Requests;

namespace Slipway.LocalAws.S3.Settings;

/// <summary>Transfer acceleration, which a machine of its own doesn't need: https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration.html</summary>
internal sealed class TransferAcceleration(SettingOperations settings)
{
    private static readonly BucketSetting Setting = new(new("AccelerateConfiguration", XmlShape.Required("Status") with { Values = ["Enabled", "Suspended"] }))
    {
        NeedsChecksum = false,
    };

    [S3Operation("PUT", S3Level.Bucket, Query = ["accelerate"])]
    public Task PutBucketAccelerateConfiguration(S3Request request) => settings.Put(request, Setting, (bucket, _) =>
    {
        if (bucket.Name.Contains('.', StringComparison.Ordinal))
        {
            throw S3Errors.InvalidRequest("S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
        }
    });

    [S3Operation("GET", S3Level.Bucket, Query = ["accelerate"])]
    public Task GetBucketAccelerateConfiguration(S3Request request) => settings.Get(request, Setting);
}
