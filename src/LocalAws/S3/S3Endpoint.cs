using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.S3;

/// <summary>S3's wire, REST with XML: https://docs.aws.amazon.com/AmazonS3/latest/API/</summary>
internal sealed class S3Endpoint(Parts parts, ServerLog log) : IWireService
{
    /// <inheritdoc/>
    public bool Takes(HttpRequest request, CredentialScope? scope) => scope is not null
        ? scope.Service == "s3"
        : request.Headers.Authorization.ToString().StartsWith("AWS ", StringComparison.Ordinal)
            || request.Query.ContainsKey("AWSAccessKeyId") || S3Request.VirtualHost(request) is not null;

    /// <inheritdoc/>
    public async Task Handle(HttpContext http, Caller caller)
    {
        http.Response.Headers["x-amz-request-id"] = caller.RequestId;
        var request = new S3Request(http, caller);
        try
        {
            await S3Operation.Of(request).Run(parts, request);
        }
        catch (AwsException e)
        {
            await AnswerError(request, e);
        }
        catch (Exception e) when (e is not OperationCanceledException and not BadHttpRequestException)
        {
            log.Write($"{caller.RequestId} S3 {http.Request.Method} {request.Path}: {e}");
            var message = $"Local AWS failed on this request. Its log has the cause under the request id {caller.RequestId}.";
            await AnswerError(request, new AwsException("InternalError", HttpStatusCode.InternalServerError, message));
        }
    }

    private static async Task AnswerError(S3Request request, AwsException e)
    {
        if (request.Http.Response.HasStarted)
        {
            // half of an object must not look like a whole one
            request.Http.Abort();
            return;
        }

        var (id, headers) = (request.Caller.RequestId, request.Http.Response.Headers);
        headers.Clear();
        headers["x-amz-request-id"] = id;
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
            xml.WriteElementString("RequestId", id);
        }, (int)e.Status);
    }
}
