using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws;

/// <summary>A running local AWS: one HTTP server that speaks the wire protocols of all its services.</summary>
public sealed class LocalAwsServer : IAsyncDisposable
{
    private readonly WebApplication _web;
    private readonly Parts _parts;
    private readonly DataDirectory _directory;

    private LocalAwsServer(WebApplication web, Parts parts, DataDirectory directory, Uri endpoint) =>
        (_web, _parts, _directory, Endpoint) = (web, parts, directory, endpoint);

    /// <summary>The address that clients take as AWS_ENDPOINT_URL.</summary>
    public Uri Endpoint { get; }

    /// <summary>Opens the data directory, takes up what was under way there, and listens.</summary>
    /// <exception cref="DataDirectoryException">The directory can't be used: another process has it, it can't be written, is damaged or full.</exception>
    /// <exception cref="IOException">The port is in use.</exception>
    /// <exception cref="InvalidDataException">A file of the options has a mistake, which the message names, or others could reach it without credentials.</exception>
    public static async Task<LocalAwsServer> Start(LocalAwsOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.RequireAuth is null && !IPAddress.IsLoopback(options.Address))
        {
            throw new InvalidDataException($"Local AWS does not listen on {options.Address}, where other machines could reach it, while it takes any credentials. Name credentials with --require-auth FILE.");
        }

        var directory = DataDirectory.Take(options.DataDirectory);
        try
        {
            return await Start(options, directory, cancellation);
        }
        catch (Exception e)
        {
            directory.Dispose();
            // another IOException may be the port's
            if ((e is SqliteException or UnauthorizedAccessException || StorageFailure.IsFull(e)) && StorageFailure.Explain(e, options.DataDirectory) is { } why)
            {
                throw new DataDirectoryException(why, e);
            }

            throw;
        }
    }

    /// <summary>The first user of the credentials file, its profile for clients; null where any credentials are taken.</summary>
    public string? Profile => _parts.Get<CredentialStore>().Users.FirstOrDefault();

    /// <summary>The file of the certificate that clients trust which speak TLS to <see cref="Endpoint"/>'s port, as AWS's git-remote-codecommit does.</summary>
    public string CertificateFile => _parts.Get<TlsConnections>().CertificateFile;

    /// <summary>A part of the server, for tests and for the host that started it.</summary>
    internal T Part<T>() where T : class => _parts.Get<T>();

    /// <summary>Stops taking requests, ends the processes that it started and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await _parts.Get<ShutdownSignal>().Begin();
        await _web.StopAsync();
        await _web.DisposeAsync();
        await _parts.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task<LocalAwsServer> Start(LocalAwsOptions options, DataDirectory directory, CancellationToken cancellation)
    {
        var listening = new ListeningAddress();
        var parts = new Parts(options, options.Time, listening, directory);
        WebApplication? web = null;
        Task<WireEndpoint>? endpoint = null;
        try
        {
            await parts.Get<Leftovers>().Clear(cancellation);
            directory.Begin();
            var resumed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var tls = parts.Get<TlsConnections>();
            // most of a start is here and in the web server's own, so they go side by side
            endpoint = Task.Run(parts.Get<WireEndpoint>, cancellation);
            web = Build(options, tls, endpoint, resumed.Task);
            await Task.WhenAll(endpoint, web.StartAsync(cancellation));
            listening.Endpoint = Reachable(web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
            await parts.Resume(cancellation);
            resumed.SetResult();
            return new(web, parts, directory, listening.Endpoint);
        }
        catch
        {
            await Task.WhenAny(endpoint ?? Task.CompletedTask);
            await (web?.DisposeAsync() ?? ValueTask.CompletedTask);
            await parts.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where clients on this machine reach an address; one that stands for all of them is no place to connect to.</summary>
    private static Uri Reachable(string listening)
    {
        // the port speaks TLS too, but http is what clients are told
        var address = new UriBuilder(listening) { Scheme = Uri.UriSchemeHttp };
        address.Host = IPAddress.Parse(address.Host) is var ip && ip.Equals(IPAddress.Any) ? $"{IPAddress.Loopback}" : ip.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]" : address.Host;
        return address.Uri;
    }

    /// <param name="options">How it is set up.</param>
    /// <param name="tls">What tells TLS from plain HTTP.</param>
    /// <param name="endpoint">What answers requests.</param>
    /// <param name="resumed">Completes when what was under way has been taken up: a request that came before could start the same again.</param>
    private static WebApplication Build(LocalAwsOptions options, TlsConnections tls, Task<WireEndpoint> endpoint, Task resumed)
    {
        // the other builders watch all folders below this one for changed settings, and so our own database's every write
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            Bound(kestrel.Limits, options);
            kestrel.Listen(new IPEndPoint(options.Address, options.Port), listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                tls.Use(listen);
            });
        });
        var web = builder.Build();
        web.Run(async http =>
        {
            await resumed.WaitAsync(http.RequestAborted);
            await (await endpoint).Handle(http);
        });
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

/// <summary>Says that the server is to end: requests that wait for something answer what there is, so that the end needn't wait for them.</summary>
internal sealed class ShutdownSignal : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Cancelled when the server is to end.</summary>
    public CancellationToken Token => _stop.Token;

    public Task Begin() => _stop.CancelAsync();

    public void Dispose() => _stop.Dispose();
}
