using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>Whom a call is for.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Caller">Who asks.</param>
internal sealed record ModelCall(string Endpoint, Wire.Caller Caller)
{
    /// <summary>Asks one server.</summary>
    /// <exception cref="ModelGoneException">It ended, or could not be reached, before it had answered.</exception>
    /// <exception cref="ModelErrorException">It answered with an error, or not within 60 seconds.</exception>
    public async Task<ModelAnswer> Ask(HttpContext http, ModelConnections server, string logStream, ReadOnlyMemory<byte> body)
    {
        try
        {
            var answer = await server.Ask(http.Request, body, http.RequestAborted);
            return answer switch
            {
                { Body: null } => throw ModelErrorException.Of(this, logStream, answer.Status, "The answer is larger than 6 MB."),
                { Status: >= 200 and < 300 } => answer,
                _ => throw ModelErrorException.Of(this, logStream, answer.Status, Encoding.UTF8.GetString(answer.Body)),
            };
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            throw ModelErrorException.Of(this, logStream, 0, "Your invocation timed out while waiting for a response from container primary: 60 seconds have passed.");
        }
    }
}

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
