using System.Net.Http.Headers;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.SageMakerRuntime;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>
/// Asks a new server whether it serves: /ping, and one prediction where the model brings a request: the model
/// package's SamplePayloadUrl, or a file named sample-request.csv, .json or .jsonl in its archive.
/// </summary>
internal sealed class ServerProbe(ObjectStore objects, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan DefaultHealthCheck = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan PingTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PredictionTimeout = TimeSpan.FromSeconds(60);
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(10) })
    {
        // what a model answers is no larger, and of a refusal its beginning is told
        MaxResponseContentBufferSize = Invocations.LargestBody,
    };

    /// <summary>Waits until a server that has just been started serves.</summary>
    /// <exception cref="DeploymentException">It ended, took longer than its variant gives it, or failed its sample request.</exception>
    public async Task Check(Container container, Uri server, DeployedVariant variant, string modelFolder, CancellationToken cancellation)
    {
        var limit = variant.Variant.ContainerStartupHealthCheckTimeoutInSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultHealthCheck;
        var began = time.GetTimestamp();
        while (!await Ping(server, cancellation))
        {
            var ended = container.Exited.IsCompleted;
            if (ended || time.GetElapsedTime(began) > limit)
            {
                var why = ended ? $"it ended with status {await container.Exited}" : $"{limit.TotalSeconds:0} seconds have passed";
                throw new DeploymentException(
                    $"The primary container for production variant {variant.Variant.VariantName} did not pass the ping health check: {why}. "
                    + $"Please check CloudWatch logs for this endpoint. Its last lines: {container.LastLines}");
            }

            await Task.WhenAny(container.Exited, Task.Delay(PingInterval, time, cancellation));
        }

        await Predict(server, variant, modelFolder, cancellation);
    }

    public void Dispose() => _http.Dispose();

    private async Task<bool> Ping(Uri server, CancellationToken cancellation)
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
    private async Task Predict(Uri server, DeployedVariant variant, string modelFolder, CancellationToken cancellation)
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

    private async Task<(byte[] Body, string ContentType, string Source)?> Sample(DeployedVariant variant, string modelFolder, CancellationToken cancellation)
    {
        if (variant.Container.SamplePayloadUrl is { } url)
        {
            await using var content = objects.OpenToDeploy(url)
                ?? throw new DeploymentException($"The model package's SamplePayloadUrl {url} names no object.");
            return (await Read(content, url, cancellation), variant.Container.SampleContentType ?? ContentType(url), url);
        }

        if (Directory.EnumerateFiles(modelFolder, "sample-request.*").Where(Folders.IsFile).Order(StringComparer.Ordinal).FirstOrDefault() is not { } file)
        {
            return null;
        }

        await using var sample = File.OpenRead(file);
        return (await Read(sample, Path.GetFileName(file), cancellation), ContentType(file), Path.GetFileName(file));
    }

    private static async Task<byte[]> Read(Stream content, string source, CancellationToken cancellation)
    {
        if (content.Length > Invocations.LargestBody)
        {
            throw new DeploymentException($"The sample request {source} has {content.Length} bytes, and InvokeEndpoint takes at most {Invocations.LargestBody}.");
        }

        var body = new byte[content.Length];
        await content.ReadExactlyAsync(body, cancellation);
        return body;
    }

    private static string ContentType(string name) => Path.GetExtension(name) switch
    {
        ".json" => "application/json",
        ".jsonl" => "application/jsonlines",
        _ => "text/csv",
    };
}
