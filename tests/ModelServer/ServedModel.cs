using System.Net;
using Slipway.ModelServer.Models;
using Slipway.ModelServer.Serving;
using Slipway.Tests.Steps.Train;

namespace Slipway.Tests.ModelServer;

/// <summary>A model trained on sample data, and a server that answers with it.</summary>
public sealed class ServedModel : IAsyncLifetime
{
    private InferenceServer? _server;

    internal TrainingRun Training { get; private set; } = null!;

    internal Model Model { get; private set; } = null!;

    internal StringWriter Errors { get; } = new();

    internal HttpClient Http { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Training = await TrainingRun.TrainedAsync(TrainingRun.Sample(2000));
        Model = Model.Load(Training.ModelFolder);
        _server = await InferenceServer.Start(Model, new IPEndPoint(IPAddress.Loopback, 0), Errors);
        Http = new HttpClient { BaseAddress = new Uri(_server.Address) };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _server!.Stop(CancellationToken.None);
        await _server.DisposeAsync();
        Training.Dispose();
    }

    /// <summary>Sends a body; gives status, media type and text.</summary>
    internal async Task<(int Status, string? Type, string Text)> Invoke(string? contentType, byte[] body, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/invocations") { Content = new ByteArrayContent(body) };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }
        using var response = await Http.SendAsync(request);
        return ((int)response.StatusCode, response.Content.Headers.ContentType?.ToString(), await response.Content.ReadAsStringAsync());
    }

    internal Task<(int Status, string? Type, string Text)> Invoke(string? contentType, string body, string? accept = null) =>
        Invoke(contentType, System.Text.Encoding.UTF8.GetBytes(body), accept);
}
