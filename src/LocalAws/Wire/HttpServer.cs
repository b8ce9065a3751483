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

namespace Slipway.LocalAws.Wire;

/// <summary>
/// Kestrel without a host around it: no dependency injection, no configuration, no logging, which took a seventh of a start.
/// </summary>
internal sealed class HttpServer : IDisposable
{
    /// <summary>How long requests under way may go on when the server ends.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly KestrelServer _kestrel;

    /// <param name="options">How it is set up.</param>
    /// <param name="tls">What tells TLS from plain HTTP.</param>
    public HttpServer(LocalAwsOptions options, TlsConnections tls)
    {
        var kestrel = new KestrelServerOptions { AddServerHeader = false };
        Bound(kestrel.Limits, options);
        kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            tls.Use(listen);
        });
        _kestrel = new(Options.Create(kestrel), new SocketTransportFactory(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
    }

    /// <summary>Where it listens, once it does.</summary>
    public string Address => _kestrel.Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    /// <summary>Listens.</summary>
    /// <param name="handle">Answers a request.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="IOException">The port is in use.</exception>
    public Task Start(RequestDelegate handle, CancellationToken cancellation) => _kestrel.StartAsync(new Application(handle), cancellation);

    /// <summary>Takes no more requests, and waits for those under way.</summary>
    public async Task Stop()
    {
        using var limit = new CancellationTokenSource(Patience);
        await _kestrel.StopAsync(limit.Token);
    }

    public void Dispose() => _kestrel.Dispose();

    /// <summary>What one client may take of the server, so that it does not stop the others.</summary>
    private static void Bound(KestrelServerLimits limits, LocalAwsOptions options)
    {
        // S3's largest single put is 5 GB; each protocol bounds its own bodies
        limits.MaxRequestBodySize = null;
        // a presigned URL holds a key of 1,024 bytes, each of which may take three, and a session token
        limits.MaxRequestLineSize = 16 << 10;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestHeaderCount = 100;
        limits.MaxConcurrentConnections = 10_000;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new(bytesPerSecond: 240, options.SlowBodyGrace);
        limits.MinResponseDataRate = new(bytesPerSecond: 240, options.SlowBodyGrace);
    }

    /// <summary>Gives Kestrel's requests to the handler, with one context for all requests of a connection.</summary>
    private sealed class Application(RequestDelegate handle) : IHttpApplication<DefaultHttpContext>
    {
        public DefaultHttpContext CreateContext(IFeatureCollection contextFeatures)
        {
            var connection = contextFeatures as IHostContextContainer<DefaultHttpContext>;
            var context = connection?.HostContext ?? new DefaultHttpContext();
            context.Initialize(contextFeatures);
            connection?.HostContext = context;
            return context;
        }

        public Task ProcessRequestAsync(DefaultHttpContext context) => handle(context);

        public void DisposeContext(DefaultHttpContext context, Exception? exception) => context.Uninitialize();
    }
}
