using Slipway.Steps.Evaluate;

namespace Slipway.Steps.Data;

/// <summary>
/// Rows as 64-bit hashes of what they have in common (a content, or a group), in the lowest bits of which stands what else
/// is asked of a row: whether its label is positive, and whether a split trains on it.
/// </summary>
/// <param name="rows">How many rows to expect.</param>
/// <param name="splits">How many splits there are.</param>
/// <remarks>Two that differ are taken for one with a chance of 2 in 100,000 at ten million rows, and a count is then off by one.</remarks>
internal sealed class HashedRows(long rows, int splits)
{
    /// <summary>More rows are taken in several passes, by what remains of their hashes, so that memory is bounded.</summary>
    public const int MostAtOnce = 6_000_000;

    /// <summary>Whether two rows have the same value; two values that are taken for one say so too.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="source">What stands after FROM.</param>
    /// <param name="value">The SQL of the value.</param>
    public static bool Repeat(Duck duck, string source, string value)
    {
        var rows = (long)duck.Row($"SELECT count(*) AS n FROM {source}")["n"]!;
        var passes = (int)(1 + (rows / MostAtOnce));
        var values = new HashedRows(rows / passes, 0);
        for (var pass = 0; pass < passes && values.Repeating == 0; pass++)
        {
            Chunks.Read(duck.Connection, $"SELECT hash({value}) FROM {source}", chunk =>
            {
                foreach (var hash in chunk.Column<ulong>(0))
                {
                    if (hash % (uint)passes == (uint)pass)
                    {
                        values.Add(hash, 0);
                    }
                }
            }, Duck.Refused);
            values.Count();
        }
        return values.Repeating > 0;
    }

    private ulong[] _keys = new ulong[rows + (rows / 16) + 64];
    private int _count;

    /// <summary>How many splits there are.</summary>
    public int Splits => splits;

    /// <summary>How many hashes there are.</summary>
    public long Distinct { get; private set; }

    /// <summary>Those of more than one row.</summary>
    public long Repeating { get; private set; }

    /// <summary>Those of more than one row, all with the same label.</summary>
    public long OfOneLabel { get; private set; }

    /// <summary>For each split, the hashes of which some rows are trained on and some are held out.</summary>
    public long[] Across { get; } = new long[splits];

    /// <summary>For each split, the held-out rows of those.</summary>
    public long[] RowsAcross { get; } = new long[splits];

    private int Bits => splits + 1;

    /// <summary>Adds a row.</summary>
    /// <param name="hash">What it has in common with others.</param>
    /// <param name="marks">1 where its label is positive, plus 2, 4, … where the first, second, … split trains on it.</param>
    public void Add(ulong hash, ulong marks)
    {
        if (_count == _keys.Length)
        {
            Array.Resize(ref _keys, 2 * _count);
        }
        _keys[_count++] = (hash >> Bits << Bits) | marks;
    }

    /// <summary>Adds the rows that were added since the last time to the counts; none of their hashes may have been among earlier rows.</summary>
    public void Count()
    {
        var keys = _keys.AsSpan(0, _count);
        RadixSort.Sort(keys);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && (keys[end] ^ keys[start]) >> Bits == 0)
            {
                end++;
            }
            Distinct++;
            if (end - start > 1)
            {
                Count(keys[start..end]);
            }
            start = end;
        }
        _count = 0;
    }

    private void Count(ReadOnlySpan<ulong> alike)
    {
        Repeating++;
        OfOneLabel += Marked(alike, 0) is var positive && (positive == 0 || positive == alike.Length) ? 1 : 0;
        for (var split = 0; split < splits; split++)
        {
            var trained = Marked(alike, split + 1);
            if (trained > 0 && trained < alike.Length)
            {
                Across[split]++;
                RowsAcross[split] += alike.Length - trained;
            }
        }
    }

    private static int Marked(ReadOnlySpan<ulong> alike, int bit)
    {
        var marked = 0;
        foreach (var key in alike)
        {
            marked += (int)((key >> bit) & 1);
        }
        return marked;
    }
}
