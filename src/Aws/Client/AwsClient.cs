using System.Collections.Concurrent;
using System.Net;
using Amazon.Runtime;
using Slipway.Aws.Wire;

namespace Slipway.Aws.Client;

/// <summary>
/// Sends any operation of this assembly to AWS, or to what <c>AWS_ENDPOINT_URL</c> names. Credentials, region,
/// retries and signatures are those of the official SDK's core, so profiles and variables work as they do there.
/// </summary>
public sealed class AwsClient : IDisposable
{
    private readonly ConcurrentDictionary<AwsService, ServiceClient> _clients = new();
    private readonly Uri? _endpoint;
    private readonly AWSCredentials? _credentials;
    private readonly string? _region;

    /// <summary>A client from the environment and the shared configuration files.</summary>
    /// <param name="endpoint">Where every service is reached; null: as the environment says.</param>
    /// <param name="credentials">Who asks; null: as the environment says.</param>
    /// <param name="region">The region; null: as the environment says.</param>
    public AwsClient(Uri? endpoint = null, AWSCredentials? credentials = null, string? region = null)
    {
        _endpoint = endpoint;
        _credentials = credentials;
        _region = region;
    }

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="AwsException">The service answered with an error, or could not be reached.</exception>
    public async Task<TResponse> Send<TResponse>(IAwsRequest<TResponse> request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var client = _clients.GetOrAdd(AwsService.Of(request.GetType()), s => new ServiceClient(s, _endpoint, _credentials, _region));
        try
        {
            return (TResponse)await client.Send(request, typeof(TResponse), cancellation);
        }
        catch (AmazonServiceException e) when (e.ErrorCode is { Length: > 0 })
        {
            throw new AwsException(e.ErrorCode, e.StatusCode, e.Message, e.RequestId, e);
        }
        catch (AmazonServiceException e) when ((int)e.StatusCode > 0)
        {
            throw new AwsException("ServiceUnavailable", HttpStatusCode.ServiceUnavailable, $"{client.Address} answered with the HTTP status {(int)e.StatusCode} and no error of AWS's.", e.RequestId, e);
        }
        catch (AmazonServiceException e)
        {
            throw new AwsException("ServiceUnavailable", HttpStatusCode.ServiceUnavailable, $"{client.Address} can't be reached: {Innermost(e)}", null, e);
        }
        catch (HttpRequestException e)
        {
            throw new AwsException("ServiceUnavailable", HttpStatusCode.ServiceUnavailable, $"{client.Address} can't be reached: {Innermost(e)}", null, e);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var client in _clients.Values)
        {
            client.Dispose();
        }
    }

    private static string Innermost(Exception e) => e.GetBaseException().Message;
}
