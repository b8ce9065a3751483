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
    /// <remarks>
    /// 64-bit hashes stand for contents and groups: a count that is off by one has a chance of 10^-5 at ten million rows.
    /// </remarks>
    public static string Columns(DataFile file, params IReadOnlyList<string> parts) =>
        $"hash({file.Content}) AS __content, {(file.Group is { } group ? $"CASE WHEN {group} IS NULL THEN NULL ELSE hash({group}) END" : "NULL::UBIGINT")} AS __group_hash, {file.IsPositive} AS __positive, "
        + string.Join(", ", parts.Select((part, i) => $"{part}::UTINYINT AS __part{i}"));

    /// <summary>Counts it in a table with those columns.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="table">The table.</param>
    /// <param name="splits">How many splits it has.</param>
    /// <returns>One count a split.</returns>
    public static IReadOnlyList<Leakage> Count(Duck duck, string table, int splits)
    {
        string Each(string columns) => string.Join(", ", Enumerable.Range(0, splits).Select(i => string.Format(columns, i)));

        var copies = duck.Row($$"""
            SELECT coalesce(sum(n) - count(*), 0)::BIGINT AS copies,
                   {{Each("coalesce(sum(n - trained{0}) FILTER (WHERE trained{0} > 0), 0)::BIGINT AS across{0}")}}
            FROM (SELECT count(*) AS n, {{Each("count(*) FILTER (WHERE __part{0} = 0) AS trained{0}")}} FROM {{table}} GROUP BY __content)
            """);
        var groups = duck.Row($$"""
            SELECT count(*) AS groups, count(*) FILTER (WHERE n > 1) AS repeating,
                   count(*) FILTER (WHERE n > 1 AND positive IN (0, n)) AS one_label,
                   {{Each("count(*) FILTER (WHERE trained{0} > 0 AND trained{0} < n) AS across{0}")}},
                   {{Each("coalesce(sum(n - trained{0}) FILTER (WHERE trained{0} > 0), 0)::BIGINT AS rows_across{0}")}}
            FROM (SELECT count(*) AS n, count(*) FILTER (WHERE __positive) AS positive, {{Each("count(*) FILTER (WHERE __part{0} = 0) AS trained{0}")}}
                  FROM {{table}} WHERE __group_hash IS NOT NULL GROUP BY __group_hash)
            """);
        return [.. Enumerable.Range(0, splits).Select(i => new Leakage((long)copies["copies"]!, (long)copies[$"across{i}"]!,
            (long)groups["groups"]!, (long)groups["repeating"]!, (long)groups["one_label"]!, (long)groups[$"across{i}"]!, (long)groups[$"rows_across{i}"]!))];
    }
}
