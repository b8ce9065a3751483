using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;
using System.Text;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>What a model answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Body">The body; null where it is larger than what is taken.</param>
/// <param name="ContentType">Its type, as the model gave it.</param>
/// <param name="CustomAttributes">What the model's X-Amzn-SageMaker-Custom-Attributes says.</param>
internal sealed record ModelAnswer(int Status, byte[]? Body, string? ContentType, string? CustomAttributes);

/// <summary>Reads the answers of a server, one after the other, from a connection of HTTP/1.1 (RFC 9112).</summary>
internal sealed class AnswerReader(Socket socket)
{
    private const int LargestHead = 32 << 10;
    private byte[] _buffer = new byte[4 << 10];
    private int _at;
    private int _filled;

    /// <summary>Whether a byte of the answer has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether the server takes another request on this connection, now that the answer has been read.</summary>
    public bool StaysOpen { get; private set; }

    /// <summary>Reads an answer.</summary>
    /// <param name="largest">The most bytes of its body.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">It ends too early, or is no HTTP.</exception>
    public async ValueTask<ModelAnswer> Read(int largest, CancellationToken cancellation)
    {
        (_at, _filled, HasBegun, StaysOpen) = (0, 0, false, false);
        AnswerHead head;
        do
        {
            head = await Head(cancellation);
        }
        while (head.IsInterim);

        if (!head.HasBody)
        {
            return Whole(head, []);
        }

        if (head.IsChunked)
        {
            return await Chunks(largest, cancellation) is { } chunks ? Whole(head, chunks) : TooLarge(head);
        }

        if (head.Length is not { } length)
        {
            return new(head.Status, await Rest(largest, cancellation), head.ContentType, head.CustomAttributes);
        }

        return length <= largest ? Whole(head, await Sized((int)length, cancellation)) : TooLarge(head);
    }

    private ModelAnswer Whole(AnswerHead head, byte[] body)
    {
        // bytes beyond an answer belong to nothing that was asked
        StaysOpen = head.StaysOpen && _at == _filled;
        return new(head.Status, body, head.ContentType, head.CustomAttributes);
    }

    private static ModelAnswer TooLarge(AnswerHead head) => new(head.Status, null, head.ContentType, head.CustomAttributes);

    private async ValueTask<AnswerHead> Head(CancellationToken cancellation)
    {
        AnswerHead? head;
        while ((head = TryHead()) is null)
        {
            if (_filled - _at >= LargestHead)
            {
                throw new IOException($"the head of the answer is larger than {LargestHead} bytes");
            }

            await Fill(cancellation);
        }

        return head;
    }

    private AnswerHead? TryHead()
    {
        var at = _at;
        if (!TryLine(ref at, out var line))
        {
            return null;
        }

        var head = AnswerHead.Of(line);
        while (TryLine(ref at, out line))
        {
            if (line.IsEmpty)
            {
                _at = at;
                return head;
            }

            head.Add(line);
        }

        return null;
    }

    /// <summary>The next line, without its end: LF, or CRLF.</summary>
    private bool TryLine(ref int at, out ReadOnlySpan<byte> line)
    {
        line = _buffer.AsSpan(at, _filled - at);
        var end = line.IndexOf((byte)'\n');
        if (end < 0)
        {
            return false;
        }

        at += end + 1;
        line = line[..(end > 0 && line[end - 1] == '\r' ? end - 1 : end)];
        return true;
    }

    private async ValueTask<byte[]> Sized(int length, CancellationToken cancellation)
    {
        var body = new byte[length];
        var have = Math.Min(length, _filled - _at);
        _buffer.AsSpan(_at, have).CopyTo(body);
        _at += have;
        while (have < length)
        {
            have += await Receive(body.AsMemory(have), cancellation) is > 0 and var read ? read : throw Early();
        }

        return body;
    }

    private async ValueTask<byte[]?> Chunks(int largest, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        while (ChunkSize(await Line(cancellation)) is > 0 and var size)
        {
            if (size > largest - body.WrittenCount)
            {
                return null;
            }

            body.Write(await Sized(size, cancellation));
            if ((await Line(cancellation)).Length > 0)
            {
                throw new IOException("a chunk of the answer is longer than it says");
            }
        }

        byte[] trailer;
        do
        {
            trailer = await Line(cancellation);
        }
        while (trailer.Length > 0);

        return body.WrittenSpan.ToArray();
    }

    private static int ChunkSize(byte[] line)
    {
        var digits = line.AsSpan(0, Array.IndexOf(line, (byte)';') is >= 0 and var extension ? extension : line.Length).Trim(" \t"u8);
        return Utf8Parser.TryParse(digits, out int size, out var used, 'x') && used == digits.Length && size >= 0
            ? size : throw new IOException("the size of a chunk of the answer is no number");
    }

    private async ValueTask<byte[]> Line(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryLine(ref _at, out var line))
            {
                return line.ToArray();
            }

            if (_filled - _at >= LargestHead)
            {
                throw new IOException($"a line of the answer is longer than {LargestHead} bytes");
            }

            await Fill(cancellation);
        }
    }

    /// <summary>What comes until the server closes the connection.</summary>
    private async ValueTask<byte[]?> Rest(int largest, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(_buffer.AsSpan(_at, _filled - _at));
        while (body.WrittenCount <= largest)
        {
            if (await Receive(body.GetMemory(_buffer.Length), cancellation) is not (> 0 and var read))
            {
                return body.WrittenSpan.ToArray();
            }

            body.Advance(read);
        }

        return null;
    }

    private async ValueTask Fill(CancellationToken cancellation)
    {
        if (_filled == _buffer.Length)
        {
            var room = _at > 0 ? _buffer : new byte[_buffer.Length * 2];
            _buffer.AsSpan(_at, _filled - _at).CopyTo(room);
            (_buffer, _filled, _at) = (room, _filled - _at, 0);
        }

        _filled += await Receive(_buffer.AsMemory(_filled), cancellation) is > 0 and var read ? read : throw Early();
    }

    private async ValueTask<int> Receive(Memory<byte> into, CancellationToken cancellation)
    {
        var read = await socket.ReceiveAsync(into, cancellation);
        HasBegun |= read > 0;
        return read;
    }

    private static IOException Early() => new("the server closed the connection in the middle of its answer");
}

/// <summary>The status line and the fields of an answer.</summary>
internal sealed class AnswerHead
{
    private AnswerHead(int status, bool staysOpen) => (Status, StaysOpen) = (status, staysOpen);

    /// <summary>The status.</summary>
    public int Status { get; }

    /// <summary>Whether the answer itself is yet to come: RFC 9110, section 15.2.</summary>
    public bool IsInterim => Status < 200;

    /// <summary>Whether an answer of this status has a body: RFC 9112, section 6.3.</summary>
    public bool HasBody => Status is not (204 or 304);

    /// <summary>Whether the connection takes another request afterwards.</summary>
    public bool StaysOpen { get; private set; }

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>The bytes of the body, where that is told.</summary>
    public long? Length { get; private set; }

    public string? ContentType { get; private set; }

    public string? CustomAttributes { get; private set; }

    /// <summary>Reads a status line.</summary>
    /// <exception cref="IOException">It is none.</exception>
    public static AnswerHead Of(ReadOnlySpan<byte> line)
    {
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[8] != ' ' || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits) || digits != 3 || status < 100)
        {
            throw new IOException($"the answer begins with no status line of HTTP/1.1: {Text(line)}");
        }

        return new(status, staysOpen: line[7] == '1');
    }

    /// <summary>Takes a field.</summary>
    /// <exception cref="IOException">It is none, or what it says of the body can't be.</exception>
    public void Add(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 1)
        {
            throw new IOException($"a field of the answer has no name: {Text(line)}");
        }

        var name = line[..colon];
        var value = line[(colon + 1)..].Trim(" \t"u8);
        if (Is(name, "content-length"u8))
        {
            if (!Utf8Parser.TryParse(value, out long length, out var digits) || digits != value.Length || length < 0 || (Length ?? length) != length)
            {
                throw new IOException($"the answer's Content-Length is no number: {Text(value)}");
            }

            Length = length;
        }
        else if (Is(name, "transfer-encoding"u8))
        {
            IsChunked = Is(value, "chunked"u8) ? true : throw new IOException($"the answer's Transfer-Encoding is not supported: {Text(value)}");
        }
        else if (Is(name, "connection"u8))
        {
            StaysOpen &= !Text(value).Contains("close", StringComparison.OrdinalIgnoreCase);
        }
        else if (Is(name, "content-type"u8))
        {
            ContentType = Text(value);
        }
        else if (Is(name, "x-amzn-sagemaker-custom-attributes"u8))
        {
            CustomAttributes = CustomAttributes is { } before ? $"{before},{Text(value)}" : Text(value);
        }
    }

    private static bool Is(ReadOnlySpan<byte> text, ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(text, name);

    private static string Text(ReadOnlySpan<byte> value) => Encoding.Latin1.GetString(value);
}
