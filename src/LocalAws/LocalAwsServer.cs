using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
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
    public static async Task<LocalAwsServer> Start(LocalAwsOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.DataDirectory);
        var listening = new ListeningAddress();
        var parts = new Parts(options, options.Time, listening);
        var web = Build(options, parts);
        try
        {
            await web.StartAsync(cancellation);
            var address = web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            listening.Endpoint = new Uri(address);
            await parts.Resume(cancellation);
            return new(web, parts, listening.Endpoint);
        }
        catch
        {
            await web.DisposeAsync();
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>A part of the server, for tests and for the host that started it.</summary>
    internal T Part<T>() where T : class => _parts.Get<T>();

    /// <summary>Stops taking requests, ends the processes that it started and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _parts.DisposeAsync();
    }

    private static WebApplication Build(LocalAwsOptions options, Parts parts)
    {
        // the other builders watch all folders below this one for changed settings, and so our own database's every write
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            // S3's largest single put is 5 GB; each protocol bounds its own bodies
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Listen(new IPEndPoint(options.Address, options.Port));
        });
        var web = builder.Build();
        var endpoint = parts.Get<WireEndpoint>();
        web.Run(endpoint.Handle);
        return web;
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
