using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.S3;

/// <summary>The operations that read one object.</summary>
internal sealed class ReadOperations(ObjectStore objects, Buckets buckets)
{
    [S3Operation("GET", S3Level.Object)]
    public async Task GetObject(S3Request request)
    {
        var stored = Find(request);
        await using var content = objects.Open(stored);
        Describe(request, stored);
        await content.CopyToAsync(request.Http.Response.Body, request.Cancellation);
    }

    [S3Operation("HEAD", S3Level.Object)]
    public Task HeadObject(S3Request request)
    {
        Describe(request, Find(request));
        return Task.CompletedTask;
    }

    private StoredObject Find(S3Request request)
    {
        buckets.Require(request.Bucket);
        return objects.Find(request.Bucket, request.Key) ?? throw S3Errors.NoSuchKey(request.Key);
    }

    private static void Describe(S3Request request, StoredObject stored)
    {
        request.SetHeader("Content-Type", stored.Headers.ContentType ?? "binary/octet-stream");
        request.SetHeader("ETag", $"\"{stored.ETag}\"");
        request.SetHeader("Last-Modified", stored.LastModified.ToString("R"));
        request.SetHeader("Accept-Ranges", "bytes");
        request.Http.Response.ContentLength = stored.Size;
    }
}
