namespace Slipway.Steps.Rows;

/// <summary>Rows, each held once: where inputs are codes and small numbers, most rows of a large file repeat others.</summary>
/// <param name="Rows">The rows that differ, in the order in which they first come, without their groups.</param>
/// <param name="Counts">How many rows each stands for.</param>
/// <param name="Places">For each of all rows the number of the one that stands for it.</param>
internal sealed record DistinctRows(EncodedRows Rows, float[] Counts, int[] Places)
{
    // By then, rows that hardly ever repeat have shown it.
    private const int RowsToJudge = 100_000;
    private const double HardlyRepeat = 0.9;

    // With more, what is saved is little beside what is done for it.
    private const double MostShare = 0.5;

    /// <summary>Finds the rows that differ.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="byLabel">True where rows that differ in their label alone are two.</param>
    /// <returns>Null where they are more than half of all.</returns>
    public static DistinctRows? Of(EncodedRows rows, bool byLabel)
    {
        var inputs = rows.Width;
        var (table, key, places) = (new RowTable(inputs + (byLabel ? 1 : 0)), new float[inputs + (byLabel ? 1 : 0)], new int[rows.Count]);
        for (var row = 0; row < rows.Count; row++)
        {
            rows.Inputs.AsSpan(row * inputs, inputs).CopyTo(key);
            if (byLabel)
            {
                key[inputs] = rows.Labels[row];
            }
            places[row] = table.Place(key);
            if (table.Count > rows.Count * MostShare || (row == RowsToJudge && table.Count > row * HardlyRepeat))
            {
                return null;
            }
        }
        return new DistinctRows(rows.Take(Firsts(places, table.Count)), Counted(places, table.Count), places);
    }

    // the first row at each place: places are given from 0 up, as rows come
    private static int[] Firsts(int[] places, int count)
    {
        var firsts = new int[count];
        for (int row = 0, found = 0; found < count; row++)
        {
            if (places[row] == found)
            {
                firsts[found++] = row;
            }
        }
        return firsts;
    }

    private static float[] Counted(int[] places, int count)
    {
        var counts = new float[count];
        foreach (var place in places)
        {
            counts[place]++;
        }
        return counts;
    }
}
