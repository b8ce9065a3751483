using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Abstractions;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Slipway.ModelServer.Models;

namespace Slipway.ModelServer.Serving;

/// <summary>
/// A model behind HTTP. Kestrel without a host around it: no dependency injection, no routing, no configuration, which
/// halves the time to the first answer.
/// </summary>
public sealed class InferenceServer : IAsyncDisposable
{
    private readonly KestrelServer _server;

    private InferenceServer(KestrelServer server) => _server = server;

    /// <summary>Where the server listens, for example <c>http://127.0.0.1:8080</c>.</summary>
    public string Address => _server.Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Listens, and answers with a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="endpoint">Where to listen; port 0 is any free one.</param>
    /// <param name="errors">Told of requests that failed for a reason that is not theirs.</param>
    /// <exception cref="IOException">The port is in use, or the address is not this machine's.</exception>
    public static async Task<InferenceServer> Start(Model model, IPEndPoint endpoint, TextWriter errors)
    {
        var options = new KestrelServerOptions { AddServerHeader = false };
        // The handler has a limit of its own, with a message that says what to do.
        options.Limits.MaxRequestBodySize = null;
        options.Listen(endpoint, listen => listen.Protocols = HttpProtocols.Http1);
        // A prediction waits for nothing, so it is made by the thread that has read the request: handing it on takes longer.
        var sockets = new SocketTransportOptions { UnsafePreferInlineScheduling = true };
        var transport = new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance);
        var server = new KestrelServer(Options.Create(options), transport, NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(new Application(new Invocations(model), errors), CancellationToken.None);
            return new InferenceServer(server);
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Takes no more requests, and waits for those under way.</summary>
    /// <param name="patience">Ends the wait: what is under way then is cut off.</param>
    public Task Stop(CancellationToken patience) => _server.StopAsync(patience);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives Kestrel's requests to the handler, with a context for each connection and not for each request.</summary>
    private sealed class Application(Invocations invocations, TextWriter errors) : IHttpApplication<DefaultHttpContext>
    {
        public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
        {
            if (contextFeatures is not IHostContextContainer<DefaultHttpContext> connection)
            {
                return new DefaultHttpContext(contextFeatures);
            }
            if (connection.HostContext is { } context)
            {
                context.Initialize(contextFeatures);
                return context;
            }
            return connection.HostContext = new DefaultHttpContext(contextFeatures);
        }

        public async Task ProcessRequestAsync(DefaultHttpContext context)
        {
            try
            {
                await invocations.Handle(context);
            }
            // Kestrel answers these itself, or the client is gone.
            catch (Exception e) when (e is not (Microsoft.AspNetCore.Http.BadHttpRequestException or OperationCanceledException or IOException))
            {
                errors.WriteLine($"{context.Request.Method} {context.Request.Path} failed: {e}");
                throw;
            }
        }

        public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
    }
}
