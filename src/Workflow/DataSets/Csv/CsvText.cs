using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>How the bytes of a CSV are read as text, and which are none.</summary>
internal static class CsvText
{
    // Bytes that are not UTF-8 are decoded to U+FFFD.
    private static readonly SearchValues<char> Illegible = SearchValues.Create('\0', '\uFFFD');

    /// <summary>A stream of the same text in UTF-8: the stream itself, unless its byte order mark tells of UTF-16 or UTF-32.</summary>
    /// <param name="stream">A stream that can seek, from where it is; it stays open.</param>
    public static Stream AsUtf8(Stream stream)
    {
        var (start, mark) = (stream.Position, new byte[4]);
        var read = stream.ReadAtLeast(mark, mark.Length, throwOnEndOfStream: false);
        stream.Position = start;
        Encoding? other = mark.AsSpan(0, read) switch
        {
            [0xFF, 0xFE, 0, 0] => Encoding.UTF32,
            [0xFF, 0xFE, ..] => Encoding.Unicode,
            [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
            [0, 0, 0xFE, 0xFF] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
            _ => null,
        };
        return other is null ? stream : Encoding.CreateTranscodingStream(stream, other, Encoding.UTF8, leaveOpen: true);
    }

    /// <summary>Whether bytes are UTF-8 and hold neither NUL nor U+FFFD.</summary>
    public static bool IsLegible(ReadOnlySpan<byte> text) => !text.ContainsAnyExceptInRange((byte)1, (byte)0x7F)
        || (Utf8.IsValid(text) && !text.Contains((byte)0) && text.IndexOf("\uFFFD"u8) < 0);

    /// <summary>What is wrong with the first character that stands in no text, and what to do; null where there is none.</summary>
    public static string? FindIllegible(string text)
    {
        var at = text.AsSpan().IndexOfAny(Illegible);
        return at < 0 ? null
            : text[at] == '\0' ? $"has a NUL byte at character {at + 1}; is the file UTF-16, or damaged? Save it as UTF-8."
            : $"has bytes at character {at + 1} that are not UTF-8; save the file as UTF-8 (one in Latin-1: iconv -f LATIN1 -t UTF-8).";
    }
}
