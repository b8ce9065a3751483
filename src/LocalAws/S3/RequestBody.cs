using System.Globalization;

namespace Slipway.LocalAws.S3;

/// <summary>The content that a request carries, out of the coding that it came in.</summary>
internal sealed class RequestBody : ForwardStream
{
    private readonly Stream _content;
    private readonly AwsChunkedStream? _chunked;
    private readonly long _length;
    private long _read;

    /// <exception cref="Aws.Wire.AwsException">MissingContentLength, InvalidArgument.</exception>
    public RequestBody(S3Request request)
    {
        var payload = request.Header("x-amz-content-sha256") ?? "";
        var raw = request.Http.Request.Body;
        if (payload.StartsWith("STREAMING-", StringComparison.Ordinal))
        {
            _content = _chunked = new AwsChunkedStream(raw);
            _length = ReadLength(request.Header("x-amz-decoded-content-length")) ?? throw S3Errors.MissingContentLength();
        }
        else
        {
            _content = raw;
            _length = request.Http.Request.ContentLength ?? (request.Header("Transfer-Encoding") is null ? 0 : throw S3Errors.MissingContentLength());
        }
    }

    /// <summary>The bytes that are to come.</summary>
    public override long Length => _length;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await _content.ReadAsync(buffer, cancellationToken);
        _read += read;
        return read == 0 && buffer.Length > 0 && _read != _length || _read > _length
            ? throw S3Errors.IncompleteBody($"{_read} bytes came and {_length} were announced")
            : read;
    }

    private static long? ReadLength(string? header) => header is null ? null
        : long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var length) ? length
        : throw S3Errors.InvalidArgument($"{header} is not a length in bytes.", "x-amz-decoded-content-length", header);
}
