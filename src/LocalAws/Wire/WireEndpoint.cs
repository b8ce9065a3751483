using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;

namespace Slipway.LocalAws.Wire;

/// <summary>A protocol of a service that local AWS speaks other than by its operations' records, such as S3's REST-XML.</summary>
internal interface IWireService
{
    /// <summary>How its requests are signed.</summary>
    SigningRules Signing { get; }

    /// <summary>Whether a request is this service's, by its credential scope (null: unsigned) or its path.</summary>
    bool Takes(HttpRequest request, CredentialScope? scope);

    /// <summary>Answers it, errors included.</summary>
    Task Handle(HttpContext http, Caller caller);

    /// <summary>Answers a request with an error before it is handled, or in the middle of it.</summary>
    Task Refuse(HttpContext http, Caller caller, AwsException error);
}

/// <summary>The one entry of every request: finds the service, tells the caller, has the request answered or refused.</summary>
internal sealed class WireEndpoint
{
    private const int LongestInvocation = 128;
    private readonly LocalAwsOptions _options;
    private readonly Authentication _authentication;
    private readonly RecordProtocols _records;
    private readonly List<IWireService> _services;

    public WireEndpoint(LocalAwsOptions options, Authentication authentication, RecordProtocols records, Parts parts)
    {
        (_options, _authentication, _records) = (options, authentication, records);
        _services = [.. Parts.Types.Where(t => t.IsAssignableTo(typeof(IWireService))).Select(t => (IWireService)parts.Get(t))];
    }

    public async Task Handle(HttpContext http)
    {
        var scope = CredentialScope.Of(http.Request);
        var caller = new Caller(_options.AccountId, scope?.Region is { Length: > 0 } region ? region : _options.Region, scope?.AccessKeyId ?? "", RequestIds.Next())
        {
            IsRetry = http.Request.Headers["amz-sdk-request"].ToString() is { Length: > 0 } attempt && !attempt.StartsWith("attempt=1;", StringComparison.Ordinal),
            Invocation = http.Request.Headers["amz-sdk-invocation-id"] is [{ Length: > 0 and <= LongestInvocation } invocation] ? invocation : null,
        };
        http.Response.Headers["x-amzn-RequestId"] = caller.RequestId;
        var own = _services.FirstOrDefault(s => s.Takes(http.Request, scope));
        var target = own is null ? RecordTarget.Of(http.Request, scope) : null;
        var rules = own?.Signing ?? RecordProtocols.Signing(http.Request, target!);
        try
        {
            caller = await _authentication.Identify(http, caller, rules);
            await (own is null ? _records.Handle(http, target!, caller) : own.Handle(http, caller));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (AwsException e)
        {
            await Refuse(e);
        }
        catch (BadHttpRequestException e)
        {
            await Refuse(e.StatusCode == StatusCodes.Status408RequestTimeout ? rules.Refusals.TooSlow() : rules.Refusals.BrokenHttp(e.StatusCode, e.Message));
        }

        Task Refuse(AwsException e) => own is null ? RecordProtocols.Refuse(http, target!, e) : own.Refuse(http, caller, e);
    }
}
