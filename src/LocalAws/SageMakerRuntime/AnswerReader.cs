using System.Buffers;
using System.Buffers.Text;
using System.Net.Sockets;

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
    private readonly AnswerBytes _bytes = new(socket);

    /// <summary>Whether the server takes another request on this connection, now that the answer has been read.</summary>
    public bool StaysOpen { get; private set; }

    /// <summary>Reads an answer.</summary>
    /// <param name="largest">The most bytes of its body.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IOException">It ends too early, or is no HTTP.</exception>
    public async ValueTask<ModelAnswer> Read(int largest, CancellationToken cancellation)
    {
        StaysOpen = false;
        _bytes.Clear();
        AnswerHead? head;
        while ((head = TryHead()) is null or { IsInterim: true })
        {
            if (head is null)
            {
                await _bytes.More(cancellation);
            }
        }

        if (!head.HasBody)
        {
            return Whole(head, []);
        }

        if (head.IsChunked)
        {
            return await Chunks(largest, cancellation) is { } chunks ? Whole(head, chunks) : Answer(head, null);
        }

        if (head.Length is not { } length)
        {
            return Answer(head, await _bytes.Rest(largest, cancellation));
        }

        return length <= largest ? Whole(head, await _bytes.Sized((int)length, cancellation)) : Answer(head, null);
    }

    private ModelAnswer Whole(AnswerHead head, byte[] body)
    {
        // bytes beyond an answer belong to nothing that was asked
        StaysOpen = head.StaysOpen && _bytes.IsEmpty;
        return Answer(head, body);
    }

    private static ModelAnswer Answer(AnswerHead head, byte[]? body) => new(head.Status, body, head.ContentType, head.CustomAttributes);

    private AnswerHead? TryHead()
    {
        var rest = _bytes.Unread;
        if (!AnswerBytes.TryLine(ref rest, out var line))
        {
            return null;
        }

        var head = AnswerHead.Of(line);
        while (AnswerBytes.TryLine(ref rest, out line))
        {
            if (line.IsEmpty)
            {
                _bytes.Advance(_bytes.Unread.Length - rest.Length);
                return head;
            }

            head.Add(line);
        }

        return null;
    }

    private async ValueTask<byte[]?> Chunks(int largest, CancellationToken cancellation)
    {
        var body = new ArrayBufferWriter<byte>();
        while (ChunkSize(await _bytes.Line(cancellation)) is > 0 and var size)
        {
            if (size > largest - body.WrittenCount)
            {
                return null;
            }

            body.Write(await _bytes.Sized(size, cancellation));
            if ((await _bytes.Line(cancellation)).Length > 0)
            {
                throw new IOException("a chunk of the answer is longer than it says");
            }
        }

        byte[] trailer;
        do
        {
            trailer = await _bytes.Line(cancellation);
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
}
