using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// The identifier of rows that have none: a hash of the row's content, and which occurrence of that content the row is in
/// its file, as in <c>5f2b…-1</c>. The same file, or one with more rows at its end, or with its columns in another order,
/// gives the same identifiers again, so that loading it twice loads nothing twice.
/// </summary>
/// <remarks>
/// The content is each known value of the feature group's columns with its name (group, features, label and an event
/// time that the CSV has), in its canonical form and in the order of the names: <c>22</c> and <c>22.0</c> are the same, and
/// a feature that is added later and empty changes nothing. Personal data is no part of it: nobody can find a person by
/// hashing a guess. The hash is the first 128 bits of SHA-256.
/// </remarks>
internal sealed class DerivedIdentifier
{
    private readonly (byte[] Name, int Column)[] _parts;
    private readonly Occurrences _occurrences = new();
    private readonly ArrayBufferWriter<byte> _content = new(256);

    public DerivedIdentifier(DataSetSpecification specification) => _parts = [.. specification.Columns
        .Select((column, i) => (column.Name, Column: i))
        .Where(part => part.Column > 0)
        .OrderBy(part => part.Name, StringComparer.Ordinal)
        .Select(part => (Encoding.UTF8.GetBytes(part.Name), part.Column))];

    /// <summary>The identifier of the next row of the file.</summary>
    public string Next(ReadOnlySpan<RowValue> values)
    {
        _content.ResetWrittenCount();
        foreach (var (name, column) in _parts)
        {
            Append(name, values[column]);
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_content.WrittenSpan, hash);
        var occurrence = _occurrences.Next(BinaryPrimitives.ReadUInt64LittleEndian(hash));
        return string.Create(CultureInfo.InvariantCulture, $"{Convert.ToHexStringLower(hash[..16])}-{occurrence}");
    }

    private void Append(byte[] name, RowValue value)
    {
        if (value.Number is { } number)
        {
            Span<byte> text = stackalloc byte[32];
            // The shortest text that reads back as the number has at most 24 characters.
            number.TryFormat(text, out var written, "R", CultureInfo.InvariantCulture);
            Append(name, text[..written]);
        }
        else if (value.Text is { } text)
        {
            Append(name, Encoding.UTF8.GetBytes(text));
        }
    }

    // Name and value are led by their lengths: no two contents run together to the same bytes.
    private void Append(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var span = _content.GetSpan(name.Length + value.Length + 8);
        BinaryPrimitives.WriteInt32LittleEndian(span, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(span[4..], value.Length);
        name.CopyTo(span[8..]);
        value.CopyTo(span[(8 + name.Length)..]);
        _content.Advance(name.Length + value.Length + 8);
    }
}

/// <summary>
/// Counts how often each 64-bit key came: 12 bytes a slot, so that ten million rows take about 300 MB at the most. Two
/// contents with the same key (one chance in 10^5 for ten million rows) share a count, which leaves identifiers unique.
/// </summary>
internal sealed class Occurrences
{
    private ulong[] _keys = new ulong[1024];
    private int[] _counts = new int[1024];
    private int _used;

    /// <summary>Counts a key.</summary>
    /// <returns>Which occurrence this is, from 1.</returns>
    public int Next(ulong key)
    {
        if (_used > _keys.Length / 4 * 3)
        {
            Grow();
        }
        var slot = Slot(key);
        if (_counts[slot] == 0)
        {
            _keys[slot] = key;
            _used++;
        }
        return ++_counts[slot];
    }

    private int Slot(ulong key)
    {
        var slot = (int)(key & (ulong)(_keys.Length - 1));
        while (_counts[slot] != 0 && _keys[slot] != key)
        {
            slot = (slot + 1) & (_keys.Length - 1);
        }
        return slot;
    }

    private void Grow()
    {
        var (keys, counts) = (_keys, _counts);
        (_keys, _counts) = (new ulong[keys.Length * 2], new int[keys.Length * 2]);
        for (var i = 0; i < keys.Length; i++)
        {
            if (counts[i] != 0)
            {
                var slot = Slot(keys[i]);
                (_keys[slot], _counts[slot]) = (keys[i], counts[i]);
            }
        }
    }
}
