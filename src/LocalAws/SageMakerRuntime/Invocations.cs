using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.SageMaker.Endpoints;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>
/// InvokeEndpoint: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_runtime_InvokeEndpoint.html.
/// It hands bytes to a server of the model and back, so it is no operation with a record here: nothing is parsed.
/// </summary>
internal sealed class Invocations(Deployments deployments, TimeProvider time, ServerLog log) : IWireService
{
    /// <summary>The largest body of a request, and of a model's answer, in bytes.</summary>
    public const int LargestBody = 6 << 20;

    private const int MostAttempts = 3;
    private const string Prefix = "/endpoints/";
    private const string Suffix = "/invocations";
    private static readonly string[] Refused = ["/invocations-response-stream", "/async-invocations"];
    private static readonly TimeSpan EndNoticed = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public SigningRules Signing { get; } = new(new CommonRefusals(AwsProtocol.RestJson, TooLarge)) { LargestBody = LargestBody };

    /// <inheritdoc/>
    public Task Refuse(HttpContext http, Caller caller, AwsException error) => WriteError(http, error.Status, error.Code, new { error.Message });

    public bool Takes(HttpRequest request, CredentialScope? scope) =>
        scope is null or { Service: "sagemaker" } && HttpMethods.IsPost(request.Method)
        && request.Path.Value is { } path && path.StartsWith(Prefix, StringComparison.Ordinal)
        && (path.EndsWith(Suffix, StringComparison.Ordinal) || Refused.Any(r => path.EndsWith(r, StringComparison.Ordinal)));

    public async Task Handle(HttpContext http, Caller caller)
    {
        try
        {
            await Invoke(http, caller);
        }
        catch (ModelErrorException e)
        {
            await WriteError(http, e.Status, e.Code, e.Body);
        }
        catch (AwsException e)
        {
            await Refuse(http, caller, e);
        }
        catch (Exception e) when (e is not OperationCanceledException and not BadHttpRequestException)
        {
            log.Write($"{caller.RequestId} InvokeEndpoint {http.Request.Path}: {e}");
            await WriteError(http, HttpStatusCode.InternalServerError, "InternalFailure", new { Message = $"Local AWS failed on this request. Its log has the cause under the request id {caller.RequestId}." });
        }
    }

    private async Task Invoke(HttpContext http, Caller caller)
    {
        var path = http.Request.Path.Value!;
        if (!path.EndsWith(Suffix, StringComparison.Ordinal))
        {
            throw AwsErrors.NotImplemented(path.EndsWith(Refused[0], StringComparison.Ordinal) ? "InvokeEndpointWithResponseStream" : "InvokeEndpointAsync");
        }

        var name = path[Prefix.Length..^Suffix.Length];
        InvocationHeaders.Check(http.Request.Headers);
        _ = deployments.Serving(name) ?? throw NotFound(name, caller);
        // a client that sends or reads slowly must hold up no update and no deletion: it is inside while a server works for it
        var body = await RequestContent.Read(http, LargestBody, () => TooLarge(LargestBody));
        var fleet = Enter(name, caller);
        FleetVariant variant;
        ModelAnswer answer;
        try
        {
            var target = http.Request.Headers["X-Amzn-SageMaker-Target-Variant"].ToString();
            variant = fleet.Choose(target.Length > 0 ? target : null)
                ?? throw new AwsException("ValidationError", HttpStatusCode.BadRequest, $"Could not find variant {target} of endpoint {name}.");
            answer = await Ask(http, variant, body, new(name, caller));
        }
        finally
        {
            fleet.Exit();
        }

        await Answer(http, variant, answer);
    }

    private Fleet Enter(string endpoint, Caller caller)
    {
        while (deployments.Serving(endpoint) is { } fleet)
        {
            if (fleet.TryEnter())
            {
                return fleet;
            }
        }

        throw NotFound(endpoint, caller);
    }

    private static AwsException NotFound(string endpoint, Caller caller) =>
        new("ValidationError", HttpStatusCode.BadRequest, $"Endpoint {endpoint} of account {caller.AccountId} not found.");

    /// <summary>Asks a server; again only where nothing of the request has reached one, since it may be what ended that one.</summary>
    private async Task<ModelAnswer> Ask(HttpContext http, FleetVariant variant, byte[] body, ModelCall call)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            if ((variant.Least() ?? await Wait(variant, http.RequestAborted)) is not { } server)
            {
                break;
            }

            var left = server.Left;
            if (server.Invocations is not { } connections)
            {
                continue; // it has ended since it was found
            }

            server.Enter();
            try
            {
                return await call.Ask(http, connections, server.LogStream, body);
            }
            catch (ModelGoneException e)
            {
                // its end is noticed first, so that who asks next is not led to it
                await Task.WhenAny(left, Task.Delay(e.WasAsked ? EndNoticed : Patience, time, http.RequestAborted));
                if (e.WasAsked)
                {
                    throw ModelErrorException.Of(call, server.LogStream, 0, "The server ended before it had answered.");
                }
            }
            finally
            {
                server.Exit();
            }
        }

        throw new AwsException("ServiceUnavailable", HttpStatusCode.ServiceUnavailable, $"No server of endpoint {call.Endpoint} is ready. Its log group is /aws/sagemaker/Endpoints/{call.Endpoint}.");
    }

    private async Task<ModelServer?> Wait(FleetVariant variant, CancellationToken cancellation)
    {
        try
        {
            await variant.AnyReady.WaitAsync(Patience, time, cancellation);
            return variant.Least();
        }
        catch (TimeoutException)
        {
            return null;
        }
    }

    private static async Task Answer(HttpContext http, FleetVariant variant, ModelAnswer answer)
    {
        var response = http.Response;
        response.ContentType = answer.ContentType;
        response.Headers["x-Amzn-Invoked-Production-Variant"] = variant.Deployed.Variant.VariantName;
        if (answer.CustomAttributes is { } attributes)
        {
            response.Headers["X-Amzn-SageMaker-Custom-Attributes"] = attributes;
        }

        response.ContentLength = answer.Body!.Length;
        await response.BodyWriter.WriteAsync(answer.Body, http.RequestAborted);
    }

    // AWS sends this error without a type, so that boto3 calls it by its status
    private static AwsException TooLarge(int largest) =>
        new("413", HttpStatusCode.RequestEntityTooLarge, $"HTTP content length exceeded {largest} bytes.");

    private static async Task WriteError(HttpContext http, HttpStatusCode status, string code, object body)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = (int)status;
        http.Response.Headers["x-amzn-ErrorType"] = code;
        http.Response.ContentType = "application/json";
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, AwsJson.Lenient);
        http.Response.ContentLength = bytes.Length;
        await http.Response.Body.WriteAsync(bytes, http.RequestAborted);
    }
}
