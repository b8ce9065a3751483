using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Workflow.DataSets.Rows;

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
    /// <summary>The most bytes that an identifier takes.</summary>
    public const int Longest = 48;

    private const int Lengths = 8;

    private readonly (byte[] Name, int Column)[] _parts;
    private readonly List<int> _ends = [];
    private byte[] _contents = new byte[1 << 16];
    private byte[] _hashes = [];

    /// <param name="specification">What the columns are.</param>
    public DerivedIdentifier(DataSetSpecification specification) => _parts = [.. specification.Columns
        .Select((column, i) => (column.Name, Column: i))
        .Where(part => part.Column > 0)
        .OrderBy(part => part.Name, StringComparer.Ordinal)
        .Select(part => (Encoding.UTF8.GetBytes(part.Name), part.Column))];

    /// <summary>Puts the hash of each row's content beside it.</summary>
    public void Hash(RowBatch batch)
    {
        _ends.Clear();
        var length = 0;
        for (var row = 0; row < batch.Rows; row++)
        {
            _ends.Add(length = Append(length, batch[row]));
        }
        if (_hashes.Length < batch.Rows * SHA256.HashSizeInBytes)
        {
            _hashes = new byte[batch.Rows * SHA256.HashSizeInBytes];
        }
        Sha256Lanes.HashData(_contents, CollectionsMarshal.AsSpan(_ends), _hashes);
        var hashes = batch.NewHashes();
        for (var row = 0; row < hashes.Length; row++)
        {
            hashes[row] = BinaryPrimitives.ReadUInt128LittleEndian(_hashes.AsSpan(row * SHA256.HashSizeInBytes));
        }
    }

    /// <summary>Writes the identifier of a row in UTF-8.</summary>
    /// <param name="hash">The hash of its content.</param>
    /// <param name="occurrence">Which of the file's rows of that content it is, from 1.</param>
    /// <param name="identifier">Where to.</param>
    /// <returns>How many bytes it took.</returns>
    public static int Write(UInt128 hash, int occurrence, Span<byte> identifier)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128LittleEndian(bytes, hash);
        Convert.TryToHexStringLower(bytes, identifier, out var digits);
        identifier[digits] = (byte)'-';
        occurrence.TryFormat(identifier[(digits + 1)..], out var rest, default, CultureInfo.InvariantCulture);
        return digits + 1 + rest;
    }

    private int Append(int length, RowBatch.Row values)
    {
        foreach (var (name, column) in _parts)
        {
            if (values.IsKnown(column))
            {
                length = Append(length, name, values[column]);
            }
        }
        return length;
    }

    // Name and value are led by their lengths: no two contents run together to the same bytes.
    private int Append(int start, byte[] name, ReadOnlySpan<byte> value)
    {
        var end = start + Lengths + name.Length + value.Length;
        if (end > _contents.Length)
        {
            Array.Resize(ref _contents, 2 * end);
        }
        var part = _contents.AsSpan(start, end - start);
        BinaryPrimitives.WriteInt32LittleEndian(part, name.Length);
        BinaryPrimitives.WriteInt32LittleEndian(part[4..], value.Length);
        name.CopyTo(part[Lengths..]);
        value.CopyTo(part[(Lengths + name.Length)..]);
        return end;
    }
}
