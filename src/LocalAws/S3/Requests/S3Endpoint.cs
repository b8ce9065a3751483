using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.S3.Forms;
using Slipway.LocalAws.S3.Settings;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>S3's wire, REST with XML: https://docs.aws.amazon.com/AmazonS3/latest/API/</summary>
internal sealed class S3Endpoint : IWireService
{
    private readonly LocalAwsOptions _options;
    private readonly Parts _parts;
    private readonly S3Access _access;
    private readonly ServerLog _log;
    private readonly Buckets _buckets;
    private readonly BucketCors _cors;

    // the store sweeps its files when it is made: that must be before a request can write one
    public S3Endpoint(LocalAwsOptions options, Parts parts, S3Access access, ServerLog log, ObjectStore objects, Buckets buckets, BucketCors cors)
    {
        ArgumentNullException.ThrowIfNull(objects);
        (_options, _parts, _access, _log, _buckets, _cors) = (options, parts, access, log, buckets, cors);
    }

    /// <inheritdoc/>
    public SigningRules Signing => S3Access.Rules;

    /// <inheritdoc/>
    public Task Refuse(HttpContext http, Caller caller, AwsException error)
    {
        var request = new S3Request(http, caller);
        _cors.Allow(request);
        return AnswerError(request, error);
    }

    /// <inheritdoc/>
    public bool Takes(HttpRequest request, CredentialScope? scope) => scope is not null
        ? scope.Service == "s3"
        : request.Headers.Authorization.ToString().StartsWith("AWS ", StringComparison.Ordinal)
            || SignatureVersion2.IsPresigned(request) || S3Request.IsHostOfS3(request) || PostForm.IsForm(request) || NamesBucket(request);

    /// <inheritdoc/>
    public async Task Handle(HttpContext http, Caller caller)
    {
        http.Response.Headers["x-amz-request-id"] = caller.RequestId;
        var request = new S3Request(http, caller);
        try
        {
            RequestPath.Check(request.RawPath, S3Request.VirtualHost(http.Request) is not null);
            await Answer(request);
        }
        catch (AwsException e)
        {
            await AnswerError(request, e);
        }
        catch (Exception e) when (e is not OperationCanceledException and not BadHttpRequestException)
        {
            _log.Write($"{caller.RequestId} S3 {http.Request.Method} {request.Path}: {e}");
            var message = $"Local AWS failed on this request. Its log has the cause under the request id {caller.RequestId}.";
            await AnswerError(request, StorageFailure.Answer(e, _options.DataDirectory) ?? new AwsException("InternalError", HttpStatusCode.InternalServerError, message));
        }
    }

    /// <summary>Whether the path of an unsigned request begins with a bucket: a browser's preflight request, or one that is refused in S3's words.</summary>
    private bool NamesBucket(HttpRequest request) =>
        request.Headers["X-Amz-Target"].Count == 0 && request.Path.Value!.Split('/') is [_, { Length: > 0 } name, ..] && _buckets.Find(name) is not null;

    private async Task Answer(S3Request request)
    {
        // a browser doesn't sign what it asks before it sends a script's request
        if (HttpMethods.IsOptions(request.Http.Request.Method))
        {
            await _cors.Preflight(request);
            return;
        }

        _cors.Allow(request);
        _access.Check(request);
        await S3Operation.Of(request).Run(_parts, request);
    }

    private async Task AnswerError(S3Request request, AwsException e)
    {
        if (request.Http.Response.HasStarted)
        {
            // half of an object must not look like a whole one
            request.Http.Abort();
            return;
        }

        request.ResetHeaders();
        if (e.Status == HttpStatusCode.RequestedRangeNotSatisfiable && e.Members.TryGetValue("ActualObjectSize", out var size))
        {
            request.Http.Response.Headers.ContentRange = $"bytes */{size}";
        }

        if (request.Header("Expect") is not null)
        {
            // a client that waits for leave to send its body sends none after an error, and what it sends next would be taken for it
            request.Http.Response.Headers.Connection = "close";
        }

        if (HttpMethods.IsHead(request.Http.Request.Method))
        {
            await request.Answer((int)e.Status);
            return;
        }

        await request.AnswerXml("Error", xml =>
        {
            xml.WriteElementString("Code", e.Code);
            xml.WriteElementString("Message", e.Message);
            foreach (var (name, value) in e.Members)
            {
                xml.WriteElementString(name, value);
            }

            xml.WriteElementString("Resource", request.Path);
            xml.WriteElementString("RequestId", request.Caller.RequestId);
        }, (int)e.Status);
    }
}
