namespace Slipway.Steps.Data;

/// <summary>What a split lets the test rows know of the training rows.</summary>
/// <param name="ExactCopies">Rows that are a copy of another row's content: all rows less the distinct contents.</param>
/// <param name="CopiesAcrossSplit">Rows held out (validation and test) whose exact copy is trained on.</param>
/// <param name="Groups">Distinct values of the group column; 0 where there is none.</param>
/// <param name="RepeatingGroups">Groups of more than one row.</param>
/// <param name="RepeatingGroupsOfOneLabel">Repeating groups whose rows all have one label: knowing the group tells the label.</param>
/// <param name="GroupsAcrossSplit">Groups with rows both trained on and held out.</param>
/// <param name="RowsOfGroupsAcrossSplit">Rows held out whose group is trained on.</param>
internal sealed record Leakage(
    long ExactCopies, long CopiesAcrossSplit, long Groups, long RepeatingGroups, long RepeatingGroupsOfOneLabel,
    long GroupsAcrossSplit, long RowsOfGroupsAcrossSplit)
{
    /// <summary>The columns that <see cref="Count"/> needs of each row, as a SELECT list over the data.</summary>
    /// <param name="file">The data.</param>
    /// <param name="parts">The splits (<see cref="SplitPlan.PartSql"/>), in the order of their counts.</param>
    public static string Columns(DataFile file, params IReadOnlyList<string> parts) =>
        $"hash({file.Content}) AS __content, {(file.Group is { } group ? $"CASE WHEN {group} IS NULL THEN NULL ELSE hash({group}) END" : "NULL::UBIGINT")} AS __group_hash, {file.IsPositive} AS __positive, "
        + string.Join(", ", parts.Select((part, i) => $"{part}::UTINYINT AS __part{i}"));

    /// <summary>Counts it in rows with those columns.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="source">What stands after FROM.</param>
    /// <param name="rows">How many rows there are.</param>
    /// <param name="splits">How many splits they have.</param>
    /// <returns>One count a split.</returns>
    public static IReadOnlyList<Leakage> Count(Duck duck, string source, long rows, int splits)
    {
        // Sorting hashes takes a fifth of the time in which DuckDB groups by them.
        var passes = (int)(1 + (rows / HashedRows.MostAtOnce));
        var (contents, groups) = (new HashedRows(rows / passes, splits), new HashedRows(rows / passes, splits));
        var columns = string.Join(", ", Enumerable.Range(0, splits).Select(i => $"__part{i}"));
        for (var pass = 0; pass < passes; pass++)
        {
            Chunks.Read(duck.Connection, $"SELECT __content, __group_hash, __positive, {columns} FROM {source}", chunk => Take(chunk, contents, groups, passes, pass), Duck.Refused);
            Parallel.Invoke(contents.Count, groups.Count);
        }
        return [.. Enumerable.Range(0, splits).Select(i => new Leakage(rows - contents.Distinct, contents.RowsAcross[i],
            groups.Distinct, groups.Repeating, groups.OfOneLabel, groups.Across[i], groups.RowsAcross[i]))];
    }

    private static void Take(Chunk chunk, HashedRows contents, HashedRows groups, int passes, int pass)
    {
        var content = chunk.Column<ulong>(0);
        var group = chunk.Column<ulong>(1);
        var hasGroup = chunk.Known(1);
        var positive = chunk.Column<byte>(2);
        Span<ulong> marks = stackalloc ulong[chunk.Count];
        for (var row = 0; row < marks.Length; row++)
        {
            marks[row] = positive[row];
        }
        for (var split = 0; split < contents.Splits; split++)
        {
            var part = chunk.Column<byte>(3 + split);
            for (var row = 0; row < marks.Length; row++)
            {
                marks[row] |= part[row] == 0 ? 2UL << split : 0;
            }
        }
        for (var row = 0; row < marks.Length; row++)
        {
            if (content[row] % (uint)passes == (uint)pass)
            {
                contents.Add(content[row], marks[row]);
            }
            if (Chunk.IsKnown(hasGroup, row) && group[row] % (uint)passes == (uint)pass)
            {
                groups.Add(group[row], marks[row]);
            }
        }
    }
}
