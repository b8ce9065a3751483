using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
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
internal sealed class DerivedIdentifier : IDisposable
{
    /// <summary>The most bytes that an identifier takes.</summary>
    public const int Longest = 48;

    private const int Lengths = 8;

    private readonly (byte[] Name, int Column)[] _parts;
    private readonly Occurrences _occurrences = new();

    // to make one for each row takes longer than to hash it
    private readonly SHA256 _sha256 = SHA256.Create();
    private byte[] _content = new byte[1024];

    public DerivedIdentifier(DataSetSpecification specification) => _parts = [.. specification.Columns
        .Select((column, i) => (column.Name, Column: i))
        .Where(part => part.Column > 0)
        .OrderBy(part => part.Name, StringComparer.Ordinal)
        .Select(part => (Encoding.UTF8.GetBytes(part.Name), part.Column))];

    /// <summary>The hash of a row's content; one row at a time.</summary>
    public UInt128 Hash(RowBatch.Row values)
    {
        var length = 0;
        foreach (var (name, column) in _parts)
        {
            if (values.IsKnown(column))
            {
                length = Append(length, name, values[column]);
            }
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        _sha256.TryComputeHash(_content.AsSpan(0, length), hash, out _);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }

    /// <summary>Writes the identifier of the next row of the file, of which this is the hash, in UTF-8; answers how many bytes it took.</summary>
    public int Next(UInt128 hash, Span<byte> identifier)
    {
        var occurrence = _occurrences.Next((ulong)hash);
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash);
        Convert.TryToHexStringLower(bytes, identifier, out var digits);
        identifier[digits] = (byte)'-';
        occurrence.TryFormat(identifier[(digits + 1)..], out var rest, default, CultureInfo.InvariantCulture);
        return digits + 1 + rest;
    }

    /// <inheritdoc/>
    public void Dispose() => _sha256.Dispose();

    // Name and value are led by their lengths: no two contents run together to the same bytes.
    private int Append(int start, byte[] name, ReadOnlySpan<byte> value)
    {
        var end = start + Lengths + name.Length + value.Length;
        if (end > _content.Length)
        {
            Array.Resize(ref _content, 2 * end);
        }
        var part = _content.AsSpan(start, end - start);
        BinaryPrimitives.WriteInt32LittleEndian(part, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(part[4..], value.Length);
        name.CopyTo(part[Lengths..]);
        value.CopyTo(part[(Lengths + name.Length)..]);
        return end;
    }
}

/// <summary>
/// Counts how often each 64-bit key came: 12 bytes a slot, so that ten million rows take about 300 MB at the most. Two
/// contents with the same key (one chance in 10^5 for ten million rows) share a count, which leaves identifiers unique.
/// </summary>
internal sealed class Occurrences
{
    private Counted[] _slots = new Counted[1024];
    private int _used;

    /// <summary>Counts a key.</summary>
    /// <returns>Which occurrence this is, from 1.</returns>
    public int Next(ulong key)
    {
        if (_used > _slots.Length / 4 * 3)
        {
            Grow();
        }
        ref var slot = ref Slot(key);
        if (slot.Count == 0)
        {
            slot.Key = key;
            _used++;
        }
        return ++slot.Count;
    }

    private ref Counted Slot(ulong key)
    {
        var slots = _slots;
        var slot = (int)(key & (ulong)(slots.Length - 1));
        while (slots[slot].Count != 0 && slots[slot].Key != key)
        {
            slot = (slot + 1) & (slots.Length - 1);
        }
        return ref slots[slot];
    }

    private void Grow()
    {
        var slots = _slots;
        _slots = new Counted[slots.Length * 2];
        foreach (var slot in slots)
        {
            if (slot.Count != 0)
            {
                Slot(slot.Key) = slot;
            }
        }
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Counted
    {
        public ulong Key;
        public int Count;
    }
}
