using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Wire;

/// <summary>A protocol of a service that local AWS speaks other than by its operations' records, such as S3's REST-XML.</summary>
internal interface IWireService
{
    /// <summary>Whether a request is this service's, by its credential scope (null: unsigned) or its path.</summary>
    bool Takes(HttpRequest request, CredentialScope? scope);

    /// <summary>Answers it, errors included.</summary>
    Task Handle(HttpContext http, Caller caller);
}

/// <summary>The one entry of every request: finds the service, reads the request, answers it or renders its error.</summary>
internal sealed class WireEndpoint
{
    private readonly LocalAwsOptions _options;
    private readonly RecordProtocols _records;
    private readonly List<IWireService> _services;

    public WireEndpoint(LocalAwsOptions options, RecordProtocols records, Parts parts)
    {
        (_options, _records) = (options, records);
        _services = [.. Parts.Types.Where(t => t.IsAssignableTo(typeof(IWireService))).Select(t => (IWireService)parts.Get(t))];
    }

    public async Task Handle(HttpContext http)
    {
        var scope = CredentialScope.Of(http.Request);
        var caller = new Caller(_options.AccountId, scope?.Region ?? _options.Region, scope?.AccessKeyId ?? "", Guid.NewGuid().ToString());
        http.Response.Headers["x-amzn-RequestId"] = caller.RequestId;
        try
        {
            if (_services.FirstOrDefault(s => s.Takes(http.Request, scope)) is { } own)
            {
                await own.Handle(http, caller);
            }
            else
            {
                await _records.Handle(http, scope, caller);
            }
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (BadHttpRequestException e)
        {
            http.Response.StatusCode = e.StatusCode;
        }
    }
}
