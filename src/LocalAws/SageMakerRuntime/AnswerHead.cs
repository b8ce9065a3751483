using System.Buffers.Text;
using System.Text;

namespace Slipway.LocalAws.SageMakerRuntime;

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
