using System.Buffers;
using System.Net.Sockets;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>The bytes that a server sends on a connection: what has come and is yet to be read, and what is to come.</summary>
internal sealed class AnswerBytes(Socket socket)
{
    private const int LongestLine = 32 << 10;
    private byte[] _buffer = new byte[4 << 10];
    private int _at;
    private int _filled;

    /// <summary>Whether all that has come has been read.</summary>
    public bool IsEmpty => _at == _filled;

    /// <summary>Forgets what has come.</summary>
    public void Clear() => (_at, _filled) = (0, 0);

    /// <summary>What has come and is yet to be read.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_at, _filled - _at);

    /// <summary>Takes bytes of <see cref="Unread"/> as read.</summary>
    public void Advance(int count) => _at += count;

    /// <summary>Takes the next line from bytes, without its end: LF, or CRLF.</summary>
    public static bool TryLine(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> line)
    {
        var end = bytes.IndexOf((byte)'\n');
        if (end < 0)
        {
            line = default;
            return false;
        }

        line = bytes[..(end > 0 && bytes[end - 1] == '\r' ? end - 1 : end)];
        bytes = bytes[(end + 1)..];
        return true;
    }

    /// <summary>The next line.</summary>
    /// <exception cref="IOException">It is too long, or the server closed the connection before its end.</exception>
    public async ValueTask<byte[]> Line(CancellationToken cancellation)
    {
        while (true)
        {
            if (TakeLine() is { } line)
            {
                return line;
            }

            await More(cancellation);
        }
    }

    /// <summary>Waits for more bytes.</summary>
    /// <exception cref="IOException">What is unread is too long to be a line or a head, or the server closed the connection.</exception>
    public async ValueTask More(CancellationToken cancellation)
    {
        if (_filled - _at >= LongestLine)
        {
            throw new IOException($"the head or a line of the answer is larger than {LongestLine} bytes");
        }

        if (_filled == _buffer.Length)
        {
            var room = _at > 0 ? _buffer : new byte[_buffer.Length * 2];
            Unread.CopyTo(room);
            (_buffer, _filled, _at) = (room, _filled - _at, 0);
        }

        _filled += await socket.ReceiveAsync(_buffer.AsMemory(_filled), cancellation) is > 0 and var read ? read : throw Early();
    }

    /// <summary>So many bytes.</summary>
    /// <exception cref="IOException">The server closed the connection before their end.</exception>
    public async ValueTask<byte[]> Sized(int length, CancellationToken cancellation)
    {
        var body = new byte[length];
        var have = Math.Min(length, _filled - _at);
        Unread[..have].CopyTo(body);
        _at += have;
        while (have < length)
        {
            have += await socket.ReceiveAsync(body.AsMemory(have), cancellation) is > 0 and var read ? read : throw Early();
        }

        return body;
    }

    /// <summary>What comes until the server closes the connection; null where that is more than is taken.</summary>
    public async ValueTask<byte[]?> Rest(int largest, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(Unread);
        while (body.WrittenCount <= largest)
        {
            if (await socket.ReceiveAsync(body.GetMemory(_buffer.Length), cancellation) is not (> 0 and var read))
            {
                return body.WrittenSpan.ToArray();
            }

            body.Advance(read);
        }

        return null;
    }

    private byte[]? TakeLine()
    {
        var rest = Unread;
        if (!TryLine(ref rest, out var line))
        {
            return null;
        }

        _at = _filled - rest.Length;
        return line.ToArray();
    }

    private static IOException Early() => new("the server closed the connection in the middle of its answer");
}
