using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws;

/// <summary>A running local AWS: one HTTP server that speaks the wire protocols of all its services.</summary>
public sealed class LocalAwsServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Parts _parts;

    private LocalAwsServer(WebApplication web, Parts parts, Uri endpoint) => (_web, _parts, Endpoint) = (web, parts, endpoint);

    /// <summary>The address that clients take as AWS_ENDPOINT_URL.</summary>
    public Uri Endpoint { get; }

    /// <summary>Opens the data directory, takes up what was under way there, and listens.</summary>
    /// <exception cref="IOException">The port is in use or the directory can't be used.</exception>
    /// <exception cref="InvalidDataException">A file of the options has a mistake, which the message names, or others could reach it without credentials.</exception>
    public static async Task<LocalAwsServer> Start(LocalAwsOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.RequireAuth is null && !IPAddress.IsLoopback(options.Address))
        {
            throw new InvalidDataException($"Local AWS does not listen on {options.Address}, where other machines could reach it, while it takes any credentials. Name credentials with --require-auth FILE.");
        }

        Directory.CreateDirectory(options.DataDirectory);
        var listening = new ListeningAddress();
        var parts = new Parts(options, options.Time, listening);
        WebApplication? web = null;
        try
        {
            web = Build(options, parts);
            await web.StartAsync(cancellation);
            listening.Endpoint = Reachable(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await parts.Resume(cancellation);
            return new(web, parts, listening.Endpoint);
        }
        catch
        {
            if (web is not null)
            {
                await web.DisposeAsync();
            }

            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>The first user of the credentials file, its profile for clients; null where any credentials are taken.</summary>
    public string? Profile => _parts.Get<CredentialStore>().FirstUser;

    /// <summary>A part of the server, for tests and for the host that started it.</summary>
    internal T Part<T>() where T : class => _parts.Get<T>();

    /// <summary>Stops taking requests, ends the processes that it started and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _parts.DisposeAsync();
    }

    /// <summary>Where clients on this machine reach an address; one that stands for all of them is no place to connect to.</summary>
    private static Uri Reachable(string listening)
    {
        var address = new UriBuilder(listening);
        address.Host = IPAddress.Parse(address.Host) is var ip && ip.Equals(IPAddress.Any) ? $"{IPAddress.Loopback}" : ip.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]" : address.Host;
        return address.Uri;
    }

    private static WebApplication Build(LocalAwsOptions options, Parts parts)
    {
        // the other builders watch all folders below this one for changed settings, and so our own database's every write
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Bound(kestrel.Limits, options);
            kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen => listen.Protocols = HttpProtocols.Http1);
        });
        var web = builder.Build();
        var endpoint = parts.Get<WireEndpoint>();
        web.Run(endpoint.Handle);
        return web;
    }

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
}

/// <summary>Where this server listens, known once it does: the endpoint that jobs are told.</summary>
internal sealed class ListeningAddress
{
    private Uri? _endpoint;

    public Uri Endpoint
    {
        get => _endpoint ?? throw new InvalidOperationException("the server does not listen yet");
        set => _endpoint = value;
    }
}
