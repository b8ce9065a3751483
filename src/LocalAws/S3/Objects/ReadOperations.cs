using System.Buffers;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.LocalAws.S3.Requests;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>The operations that read one object.</summary>
internal sealed class ReadOperations(RequestedObjects requested, ObjectEncryption encryption)
{
    private const int BufferSize = 256 * 1024;

    private static readonly string[] Overrides =
        ["Content-Type", "Content-Language", "Expires", "Cache-Control", "Content-Disposition", "Content-Encoding"];

    [S3Operation("GET", S3Level.Object, Optional = ["versionId", "partNumber", "response-*"])]
    public async Task GetObject(S3Request request)
    {
        EncryptionHeaders.Refuse(request);
        var (stored, content) = requested.Open(request);
        await using (content)
        {
            if (Describe(request, stored) is { } range)
            {
                content.Position = range.Start;
                await Copy(content, range.Length, request);
            }
        }
    }

    [S3Operation("HEAD", S3Level.Object, Optional = ["versionId", "partNumber", "response-*"])]
    public Task HeadObject(S3Request request)
    {
        EncryptionHeaders.Refuse(request);
        var stored = requested.Describe(request);
        if (WantsChecksum(request))
        {
            encryption.RequireKey(stored);
        }

        Describe(request, stored);
        return Task.CompletedTask;
    }

    /// <summary>Writes status and headers; the bytes that are to follow, or null for 304.</summary>
    private static ByteRange? Describe(S3Request request, StoredObject stored)
    {
        var response = request.Http.Response;
        EncryptionHeaders.RequireVersion4(request, stored.Headers.Standard);
        HeaderForms.Write(request, stored);
        if (Conditions.NotModified(request, stored))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }

        var part = PartRange(request, stored);
        var fresh = request.Header("If-Range") is not { } tag || tag.Trim('"') == stored.ETag;
        var range = part ?? (fresh ? ByteRange.Of(request.Header("Range"), stored.Size) : null);
        if (range is not null)
        {
            response.StatusCode = StatusCodes.Status206PartialContent;
            if (range.Length > 0)
            {
                response.Headers.ContentRange = $"bytes {range.Start}-{range.End}/{stored.Size}";
            }
        }
        else if (WantsChecksum(request))
        {
            HeaderForms.WriteChecksum(request, stored.Headers);
        }

        foreach (var name in Overrides)
        {
            request.SetHeader(name, request.Parameter("response-" + name.ToLowerInvariant()));
        }

        range ??= new(0, stored.Size);
        response.ContentLength = range.Length;
        return range;
    }

    private static ByteRange? PartRange(S3Request request, StoredObject stored)
    {
        if (request.Parameter("partNumber") is not { } text)
        {
            return null;
        }

        if (request.Header("Range") is not null)
        {
            throw S3Errors.InvalidRequest("Cannot specify both Range header and partNumber query parameter");
        }

        var number = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var n) && n is > 0 and <= MultipartOperations.MostParts
            ? n : throw S3Errors.InvalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", text);
        var parts = stored.Parts;
        if (number > Math.Max(1, parts.Count))
        {
            throw S3Errors.Make(
                "InvalidPartNumber", HttpStatusCode.RequestedRangeNotSatisfiable, "The requested partnumber is not satisfiable",
                ("PartNumberRequested", text), ("ActualPartCount", $"{Math.Max(1, parts.Count)}"));
        }

        var part = parts.ElementAtOrDefault(number - 1);
        if (WantsChecksum(request))
        {
            HeaderForms.WriteChecksum(request, part is null ? stored.Headers : stored.Headers.With(stored.Headers.Checksums.Keys.Single(), part.Checksum, stored.Headers.ChecksumType!));
        }

        if (part is null)
        {
            return new(0, stored.Size);
        }

        // an object's parts are numbered anew, without the gaps that an upload may have
        request.SetHeader("x-amz-mp-parts-count", $"{parts.Count}");
        return new(parts.Take(number - 1).Sum(p => p.Size), part.Size);
    }

    private static bool WantsChecksum(S3Request request) => string.Equals(request.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase);

    private static async Task Copy(Stream content, long length, S3Request request)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(length, 1, BufferSize));
        try
        {
            while (length > 0)
            {
                var read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), request.Cancellation);
                if (read == 0)
                {
                    throw new InvalidDataException($"the file of {request.Path} is {length} bytes too short");
                }

                await request.Http.Response.Body.WriteAsync(buffer.AsMemory(0, read), request.Cancellation);
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
