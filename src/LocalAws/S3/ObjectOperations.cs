using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.S3;

/// <summary>The operations that put and delete one object.</summary>
internal sealed class ObjectOperations(ObjectStore objects)
{
    [S3Operation("PUT", S3Level.Object)]
    public async Task PutObject(S3Request request)
    {
        var stored = await objects.Put(request.Bucket, request.Key, new RequestBody(request), HeadersOf(request), request.Cancellation);
        request.SetHeader("ETag", $"\"{stored.ETag}\"");
        await request.Answer();
    }

    [S3Operation("DELETE", S3Level.Object)]
    public Task DeleteObject(S3Request request)
    {
        objects.Delete(request.Bucket, request.Key);
        return request.Answer(StatusCodes.Status204NoContent);
    }

    private static ObjectHeaders HeadersOf(S3Request request) => new(request.Header("Content-Type"));
}
