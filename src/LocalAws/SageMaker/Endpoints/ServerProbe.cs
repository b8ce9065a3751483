using System.Net.Http.Headers;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>
/// Asks a new server whether it serves: /ping, and one prediction where the model brings a request: the model
/// package's SamplePayloadUrl, or a file named sample-request.csv, .json or .jsonl in its archive.
/// </summary>
internal sealed class ServerProbe(ObjectStore objects, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PredictionTimeout = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(10) });

    public async Task<bool> Ping(Uri server, CancellationToken cancellation)
    {
        try
        {
            using var limit = new CancellationTokenSource(PingTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            using var answer = await _http.GetAsync(new Uri(server, "/ping"), either.Token);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <exception cref="DeploymentException">The server did not answer the model's own sample request with a prediction.</exception>
    public async Task Predict(Uri server, DeployedVariant variant, string modelFolder, CancellationToken cancellation)
    {
        if (await Sample(variant, modelFolder, cancellation) is not { } sample)
        {
            return;
        }

        using var content = new ByteArrayContent(sample.Body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(sample.ContentType);
        using var limit = new CancellationTokenSource(PredictionTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var answer = await _http.PostAsync(new Uri(server, "/invocations"), content, either.Token);
            if (!answer.IsSuccessStatusCode)
            {
                throw new DeploymentException(
                    $"Production variant {variant.Variant.VariantName} answered its sample request ({sample.Source}) with status {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(either.Token)}");
            }
        }
        catch (HttpRequestException e)
        {
            throw new DeploymentException($"Production variant {variant.Variant.VariantName} did not answer its sample request ({sample.Source}): {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new DeploymentException($"Production variant {variant.Variant.VariantName} did not answer its sample request ({sample.Source}) within {PredictionTimeout.TotalSeconds:0} seconds.", e);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(byte[] Body, string ContentType, string Source)?> Sample(DeployedVariant variant, string modelFolder, CancellationToken cancellation)
    {
        if (variant.Container.SamplePayloadUrl is { } url)
        {
            await using var content = objects.OpenToDeploy(url)
                ?? throw new DeploymentException($"The model package's SamplePayloadUrl {url} names no object.");
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellation);
            return (copy.ToArray(), variant.Container.SampleContentType ?? ContentType(url), url);
        }

        var file = Directory.EnumerateFiles(modelFolder, "sample-request.*").Order(StringComparer.Ordinal).FirstOrDefault();
        return file is null ? null : (await File.ReadAllBytesAsync(file, cancellation), ContentType(file), Path.GetFileName(file));
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/jsonlines",
        _ => "text/csv",
    };
}
