using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>The HTTP between local AWS and the servers of models.</summary>
internal sealed class ModelCalls(TimeProvider time) : IDisposable
{
    private const int LargestAnswer = 6 << 20;
    private static readonly TimeSpan ModelTimeout = TimeSpan.FromSeconds(60);
    private static readonly string[] Forwarded = ["Accept", "X-Amzn-SageMaker-Custom-Attributes", "X-Amzn-SageMaker-Inference-Id"];
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        // shorter than what servers keep an idle connection for, so that none is used that is being closed
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(2), UseProxy = false, UseCookies = false, AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, ActivityHeadersPropagator = null,
    });

    /// <summary>Asks one server.</summary>
    /// <exception cref="HttpRequestException">It ended, or could not be reached, before it had answered.</exception>
    /// <exception cref="ModelErrorException">It answered with an error, or not within 60 seconds.</exception>
    public async Task<ModelAnswer> Ask(HttpContext http, Uri address, string logStream, ArraySegment<byte> body, ModelCall call)
    {
        using var request = Request(http.Request, address, body);
        using var limit = new CancellationTokenSource(ModelTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, http.RequestAborted);
        try
        {
            using var response = await _http.SendAsync(request, either.Token);
            if (response.Content.Headers.ContentLength > LargestAnswer)
            {
                throw ModelErrorException.Of(call, logStream, (int)response.StatusCode, $"The answer is larger than {LargestAnswer} bytes.");
            }

            var answer = await response.Content.ReadAsByteArrayAsync(either.Token);
            return response.IsSuccessStatusCode
                ? new(answer, response.Content.Headers.ContentType?.ToString(), Attributes(response))
                : throw ModelErrorException.Of(call, logStream, (int)response.StatusCode, Encoding.UTF8.GetString(answer));
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw ModelErrorException.Of(
                call, logStream, 0, $"Your invocation timed out while waiting for a response from container primary: {ModelTimeout.TotalSeconds:0} seconds have passed.");
        }
        catch (IOException e)
        {
            throw new HttpRequestException("the server ended in the middle of its answer", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage Request(HttpRequest from, Uri address, ArraySegment<byte> body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(body.Array!, body.Offset, body.Count) };
        if (from.ContentType is { Length: > 0 } type)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        foreach (var name in Forwarded)
        {
            if (from.Headers.TryGetValue(name, out var value))
            {
                request.Headers.TryAddWithoutValidation(name, value.ToString());
            }
        }

        return request;
    }

    private static string? Attributes(HttpResponseMessage response) =>
        response.Headers.TryGetValues("X-Amzn-SageMaker-Custom-Attributes", out var values) ? string.Join(',', values) : null;
}

/// <summary>What a model answered.</summary>
internal sealed record ModelAnswer(byte[] Body, string? ContentType, string? CustomAttributes);

/// <summary>SageMaker's ModelError: the model answered with an error, or did not answer.</summary>
internal sealed class ModelErrorException(string message, object body) : Exception(message)
{
    public string Code => "ModelError";

    public HttpStatusCode Status => (HttpStatusCode)424;

    public object Body { get; } = body;

    public static ModelErrorException Of(ModelCall call, string logStream, int status, string original)
    {
        var group = "/aws/sagemaker/Endpoints/" + call.Endpoint;
        var kind = status is >= 400 and < 500 ? "client" : "server";
        var message = $"Received {kind} error ({status}) from primary with message \"{original}\". See the log group {group} in account {call.Caller.AccountId} for more information.";
        return new(message, new
        {
            ErrorCode = kind == "client" ? "CLIENT_ERROR_FROM_MODEL" : "SERVER_ERROR_FROM_MODEL",
            LogStreamArn = call.Caller.Arn("logs", $"log-group:{group}:log-stream:{logStream}"),
            Message = message,
            OriginalMessage = original,
            OriginalStatusCode = status,
        });
    }
}
