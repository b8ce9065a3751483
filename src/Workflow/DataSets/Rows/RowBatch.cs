namespace Slipway.Workflow.DataSets.Rows;

/// <summary>
/// Some rows that were read and checked: a value a column of <see cref="DataSetSpecification.Columns"/>, in canonical form and
/// in UTF-8, one after the other in memory that the next rows use again.
/// </summary>
public sealed class RowBatch
{
    private const int MostRows = 1000, MostBytes = 1 << 20;

    private readonly int _columns;
    private readonly List<int> _ends;
    private byte[] _bytes = new byte[1 << 16];
    private UInt128[] _hashes = [];
    private int _length, _hashed;

    internal RowBatch(DataSetSpecification specification) =>
        (_columns, _ends) = (specification.Columns.Count, new(MostRows * specification.Columns.Count));

    /// <summary>How many rows there are.</summary>
    internal int Rows => _ends.Count / _columns;

    /// <summary>The hash of each row's content, where <see cref="DerivedIdentifier.Hash"/> made them; else empty.</summary>
    internal ReadOnlySpan<UInt128> Hashes => _hashes.AsSpan(0, _hashed);

    /// <summary>Whether it is time to write them.</summary>
    internal bool IsFull => Rows >= MostRows || _length >= MostBytes;

    /// <summary>Adds the next value of a row.</summary>
    internal void Add(ReadOnlySpan<byte> value)
    {
        if (_bytes.Length - _length < value.Length)
        {
            Array.Resize(ref _bytes, Math.Max(2 * _bytes.Length, _length + value.Length));
        }

        value.CopyTo(_bytes.AsSpan(_length));
        _ends.Add(_length += value.Length);
    }

    /// <summary>Adds a value that is not known.</summary>
    internal void AddUnknown() => _ends.Add(~_length);

    /// <summary>A row, from 0; valid until the batch changes.</summary>
    internal Row this[int row] => new(_bytes, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_ends).Slice(row * _columns, _columns), row == 0 ? 0 : End(_ends[(row * _columns) - 1]));

    /// <summary>Takes back what was added after some rows.</summary>
    internal void Keep(int rows)
    {
        _ends.RemoveRange(rows * _columns, _ends.Count - (rows * _columns));
        _length = _ends.Count == 0 ? 0 : End(_ends[^1]);
        _hashed = Math.Min(rows, _hashed);
    }

    /// <summary>The place of a hash a row.</summary>
    internal Span<UInt128> NewHashes()
    {
        if (_hashes.Length < Rows)
        {
            _hashes = new UInt128[Math.Max(Rows, MostRows)];
        }

        _hashed = Rows;
        return _hashes.AsSpan(0, Rows);
    }

    private static int End(int end) => end < 0 ? ~end : end;

    /// <summary>A row's values.</summary>
    internal readonly ref struct Row(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> ends, int start)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;
        private readonly ReadOnlySpan<int> _ends = ends;

        /// <summary>All values, one after the other.</summary>
        public ReadOnlySpan<byte> All => _bytes[start..End(_ends[^1])];

        /// <summary>How many values there are.</summary>
        public int Count => _ends.Length;

        /// <summary>A value in UTF-8; empty where it is not known.</summary>
        public ReadOnlySpan<byte> this[int column] => _bytes[(column == 0 ? start : End(_ends[column - 1]))..End(_ends[column])];

        /// <summary>Whether a value is known.</summary>
        public bool IsKnown(int column) => _ends[column] >= 0;
    }
}
