using System.Text;
using Slipway.Aws.FeatureStoreRuntime;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>
/// A record's values as the stores keep them, in less than half of what AWS's JSON takes: the form's number, then names
/// and values in turn, each in UTF-8 behind its length, which has seven bits a byte, the lowest first.
/// </summary>
internal static class RecordBytes
{
    private const byte Form = 1;
    private const int More = 0x80;

    /// <summary>The bytes of a record that has been checked: each of its features has a value.</summary>
    public static byte[] Write(IReadOnlyList<FeatureValue> values)
    {
        var size = 1;
        foreach (var (name, text) in values)
        {
            size += SizeOf(name) + SizeOf(text!);
        }

        var bytes = new byte[size];
        bytes[0] = Form;
        var rest = bytes.AsSpan(1);
        foreach (var (name, text) in values)
        {
            Append(name, ref rest);
            Append(text!, ref rest);
        }

        return bytes;
    }

    /// <summary>The values in the order in which they were put.</summary>
    public static List<FeatureValue> Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != Form)
        {
            return RecordJson.Read(bytes);
        }

        var values = new List<FeatureValue>(16);
        for (var rest = bytes[1..]; !rest.IsEmpty;)
        {
            values.Add(new(Take(ref rest), Take(ref rest)));
        }

        return values;
    }

    private static int SizeOf(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var size = length + 1;
        for (; length >= More; length >>= 7)
        {
            size++;
        }

        return size;
    }

    private static void Append(string text, ref Span<byte> rest)
    {
        var left = Encoding.UTF8.GetByteCount(text);
        for (; left >= More; left >>= 7)
        {
            rest[0] = (byte)(left | More);
            rest = rest[1..];
        }

        rest[0] = (byte)left;
        rest = rest[(1 + Encoding.UTF8.GetBytes(text, rest[1..]))..];
    }

    private static string Take(ref ReadOnlySpan<byte> rest)
    {
        int length = 0, shift = 0, at = 0;
        do
        {
            length |= (rest[at] & ~More) << shift;
            shift += 7;
        }
        while (rest[at++] >= More);

        var text = Encoding.UTF8.GetString(rest.Slice(at, length));
        rest = rest[(at + length)..];
        return text;
    }
}
