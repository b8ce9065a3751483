using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace Slipway.Aws.Client;

/// <summary>
/// Where AWS is and who asks: our client for most services and the official one for S3, both from the environment
/// (<c>AWS_ENDPOINT_URL</c>, <c>AWS_REGION</c>, credentials, profiles) or from what is given here.
/// </summary>
public sealed class AwsSession : IDisposable
{
    private readonly Uri? _endpoint;
    private readonly AWSCredentials? _credentials;
    private readonly Lazy<AmazonS3Client> _s3;

    /// <param name="endpoint">Where every service is reached; null: as the environment says.</param>
    /// <param name="credentials">Who asks; null: as the environment says.</param>
    /// <param name="region">The region; null: as the environment says.</param>
    public AwsSession(Uri? endpoint = null, AWSCredentials? credentials = null, string? region = null)
    {
        _endpoint = endpoint ?? (Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL") is { Length: > 0 } url ? new Uri(url) : null);
        _credentials = credentials;
        Region = region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION")
            ?? FallbackRegionFactory.GetRegionEndpoint()?.SystemName ?? "us-east-1";
        Aws = new AwsClient(_endpoint, credentials, Region);
        _s3 = new(MakeS3);
    }

    /// <summary>The region.</summary>
    public string Region { get; }

    /// <summary>Every service but S3.</summary>
    public AwsClient Aws { get; }

    /// <summary>S3.</summary>
    public IAmazonS3 S3 => _s3.Value;

    /// <inheritdoc/>
    public void Dispose()
    {
        Aws.Dispose();
        if (_s3.IsValueCreated)
        {
            _s3.Value.Dispose();
        }
    }

    private AmazonS3Client MakeS3()
    {
        var config = new AmazonS3Config();
        if (_endpoint is null)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(Region);
        }
        else
        {
            config.ServiceURL = _endpoint.ToString();
            config.AuthenticationRegion = Region;
            config.ForcePathStyle = true;
        }

        return _credentials is null ? new AmazonS3Client(config) : new AmazonS3Client(_credentials, config);
    }
}
