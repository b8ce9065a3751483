using System.Globalization;
using System.Text;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>
/// Reads a body in the content coding aws-chunked, which carries a signature with each chunk or a checksum after the
/// last one: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
/// </summary>
/// <param name="body">The body as it comes.</param>
/// <param name="signatures">The signatures that its chunks must have, or null where nobody checks them.</param>
internal sealed class AwsChunkedStream(Stream body, ChunkSignatures? signatures = null) : ForwardStream
{
    private const int LongestLine = 8192;
    private const int MostTrailers = 16;
    private const string TrailerSignature = "x-amz-trailer-signature";
    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private long _left;
    private bool _first = true;
    private bool _done;
    private string? _signature;

    /// <summary>The headers after the last chunk, by their name; known once the stream has been read to its end.</summary>
    public Dictionary<string, string> Trailers { get; } = new(StringComparer.OrdinalIgnoreCase);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_left == 0 && !_done)
        {
            await StartChunk(cancellationToken);
        }

        if (_done || buffer.Length == 0)
        {
            return 0;
        }

        var wanted = buffer[..(int)Math.Min(buffer.Length, _left)];
        int read;
        if (_start < _end)
        {
            read = Math.Min(wanted.Length, _end - _start);
            _buffer.AsSpan(_start, read).CopyTo(wanted.Span);
            _start += read;
        }
        else
        {
            read = await body.ReadAsync(wanted, cancellationToken);
        }

        if (read == 0)
        {
            throw S3Errors.IncompleteBody("it ends inside a chunk");
        }

        _left -= read;
        signatures?.Append(wanted.Span[..read]);
        if (_left == 0)
        {
            signatures?.EndChunk(_signature);
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        signatures?.Dispose();
        base.Dispose(disposing);
    }

    private async Task StartChunk(CancellationToken cancellation)
    {
        if (!_first && await Line(cancellation) is not "")
        {
            throw S3Errors.IncompleteBody("a chunk is not followed by a line break");
        }

        _first = false;
        var header = await Line(cancellation);
        var parts = header.Split(';', 2);
        _signature = parts.Length > 1 && parts[1].Split('=', 2) is ["chunk-signature", var given] ? given.Trim() : null;
        if (!long.TryParse(parts[0], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _left) || _left < 0)
        {
            throw S3Errors.IncompleteBody("a chunk does not start with its size in hexadecimal");
        }

        if (_left == 0)
        {
            signatures?.EndChunk(_signature);
            await ReadTrailers(cancellation);
            await RequireEnd(cancellation);
            _done = true;
        }
    }

    private async Task ReadTrailers(CancellationToken cancellation)
    {
        var lines = new List<(string Name, string Value)>();
        // some clients end the body without the last empty line
        while (await Line(cancellation, mayEnd: true) is { Length: > 0 } line)
        {
            var parts = line.Split(':', 2);
            if (parts.Length != 2 || lines.Count == MostTrailers)
            {
                throw S3Errors.MalformedTrailer(parts.Length != 2 ? "a line has no colon" : $"there are more than {MostTrailers} lines");
            }

            lines.Add((parts[0].Trim().ToLowerInvariant(), parts[1].Trim()));
            Trailers[lines[^1].Name] = lines[^1].Value;
        }

        if (signatures?.HasTrailer == true)
        {
            signatures.EndTrailers(lines.Where(l => l.Name != TrailerSignature), Trailers.GetValueOrDefault(TrailerSignature));
        }
        else if (signatures is not null && lines.Count > 0)
        {
            throw S3Errors.MalformedTrailer("its headers are not signed");
        }
    }

    /// <summary>Refuses what follows the last chunk: no signature and no checksum is over it.</summary>
    private async Task RequireEnd(CancellationToken cancellation)
    {
        do
        {
            if (_buffer.AsSpan(_start, _end - _start).ContainsAnyExcept("\r\n"u8))
            {
                throw S3Errors.IncompleteBody("there is more after its last chunk");
            }

            (_start, _end) = (0, await body.ReadAsync(_buffer, cancellation));
        }
        while (_end > 0);
    }

    private async Task<string> Line(CancellationToken cancellation, bool mayEnd = false)
    {
        var line = new StringBuilder();
        while (true)
        {
            if (_start == _end)
            {
                (_start, _end) = (0, await body.ReadAsync(_buffer, cancellation));
                if (_end == 0)
                {
                    return mayEnd ? line.ToString() : throw S3Errors.IncompleteBody("it ends before its last chunk");
                }
            }

            var next = (char)_buffer[_start++];
            if (next == '\n')
            {
                return line.ToString().TrimEnd('\r');
            }

            if (line.Append(next).Length > LongestLine)
            {
                throw S3Errors.IncompleteBody("the line before a chunk is too long");
            }
        }
    }
}
