using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Slipway.LocalAws.Access;
using Slipway.LocalAws.Jobs;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws;

/// <summary>A running local AWS: one HTTP server that speaks the wire protocols of all its services.</summary>
public sealed class LocalAwsServer : IAsyncDisposable
{
    private readonly HttpServer _http;
    private readonly Parts _parts;
    private readonly DataDirectory _directory;

    private LocalAwsServer(HttpServer http, Parts parts, DataDirectory directory, Uri endpoint) =>
        (_http, _parts, _directory, Endpoint) = (http, parts, directory, endpoint);

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
        await _http.Stop();
        _http.Dispose();
        await _parts.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task<LocalAwsServer> Start(LocalAwsOptions options, DataDirectory directory, CancellationToken cancellation)
    {
        // what requests need first is half of a start: it goes beside the rest
        var prepared = Task.Run(RecordProtocols.Prepare, cancellation);
        var listening = new ListeningAddress();
        var parts = new Parts(options, options.Time, listening, directory);
        HttpServer? http = null;
        try
        {
            await parts.Get<Leftovers>().Clear(cancellation);
            directory.Begin();
            // a request that came before what was under way has been taken up could start the same again
            var ready = new TaskCompletionSource<WireEndpoint>(TaskCreationOptions.RunContinuationsAsynchronously);
            http = new HttpServer(options, parts.Get<TlsConnections>());
            await http.Start(request => Answer(ready.Task, request), cancellation);
            listening.Endpoint = Reachable(http.Address);
            var endpoint = parts.Get<WireEndpoint>();
            await parts.Resume(cancellation);
            ready.SetResult(endpoint);
            await prepared;
            return new(http, parts, directory, listening.Endpoint);
        }
        catch
        {
            http?.Dispose();
            await parts.DisposeAsync();
            throw;
        }
    }

    private static Task Answer(Task<WireEndpoint> ready, HttpContext http)
    {
        return ready.IsCompleted ? ready.Result.Handle(http) : Later();

        async Task Later() => await (await ready.WaitAsync(http.RequestAborted)).Handle(http);
    }

    /// <summary>Where clients on this machine reach an address; one that stands for all of them is no place to connect to.</summary>
    private static Uri Reachable(string listening)
    {
        // the port speaks TLS too, but http is what clients are told
        var address = new UriBuilder(listening) { Scheme = Uri.UriSchemeHttp };
        address.Host = IPAddress.Parse(address.Host) is var ip && ip.Equals(IPAddress.Any) ? $"{IPAddress.Loopback}" : ip.Equals(IPAddress.IPv6Any) ? $"[{IPAddress.IPv6Loopback}]" : address.Host;
        return address.Uri;
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
