using System.Globalization;
using System.Net;
using Slipway.ModelServer.Models;
using Slipway.ModelServer.Serving;
using Slipway.Steps.StepHost;

namespace Slipway.Steps.Serve;

/// <summary>Serves the model in <c>/opt/ml/model</c>, as the container of a SageMaker endpoint, until SIGTERM.</summary>
internal sealed class ServeStep : IStep
{
    // SageMaker kills a container 30 seconds after SIGTERM.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    /// <inheritdoc/>
    public string Verb => "serve";

    /// <inheritdoc/>
    public string Summary => "answers /ping and /invocations with the model (SAGEMAKER_BIND_TO_PORT, SLIPWAY_BIND_LOOPBACK=1)";

    /// <inheritdoc/>
    public IReadOnlyList<string> Arguments => [];

    /// <inheritdoc/>
    public string FailureFile => "output/failure";

    /// <inheritdoc/>
    public async Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        await using var server = await Start(context);
        context.Log($"Listening on {server.Address}");
        await Task.Delay(Timeout.InfiniteTimeSpan, context.Environment.Time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using var patience = new CancellationTokenSource(Patience, context.Environment.Time);
        await server.Stop(patience.Token);
    }

    private static async Task<InferenceServer> Start(StepContext context)
    {
        var endpoint = new IPEndPoint(context.Variable("SLIPWAY_BIND_LOOPBACK") == "1" ? IPAddress.Loopback : IPAddress.Any, Port(context));
        try
        {
            // .NET reads it with the first socket: the thread that hears of a request reads and answers it too
            Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
            var model = Model.Load(Path.Combine(context.Root, "model"));
            return await InferenceServer.Start(model, endpoint, context.Environment.Error);
        }
        catch (InvalidDataException e)
        {
            throw new StepFailedException(e.Message, e);
        }
        catch (IOException e)
        {
            throw new StepFailedException($"Can't listen on {endpoint}: {e.Message}", e);
        }
    }

    private static int Port(StepContext context)
    {
        var text = context.Variable("SAGEMAKER_BIND_TO_PORT") ?? "8080";
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort
            ? port : throw new StepFailedException($"SAGEMAKER_BIND_TO_PORT must be a port, 0 to 65535; it is '{text}'.");
    }
}
