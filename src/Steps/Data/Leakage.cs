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
    /// <summary>Counts it in a file, for several splits at once.</summary>
    /// <param name="duck">The database.</param>
    /// <param name="file">The data.</param>
    /// <param name="partSql">The splits (<see cref="SplitPlan.PartSql"/>).</param>
    /// <returns>One count a split.</returns>
    public static IReadOnlyList<Leakage> Count(Duck duck, DataFile file, params IReadOnlyList<string> partSql)
    {
        var trained = string.Join(", ", partSql.Select((part, i) => $"count(*) FILTER (WHERE {part} = 0) AS trained{i}"));
        string Across(string columns) => string.Join(", ", partSql.Select((_, i) => string.Format(columns, i)));

        // 64-bit hashes stand for contents and groups here: a wrong count of one in ten million rows has a chance of 10^-5.
        var copies = duck.Row($$"""
            SELECT coalesce(sum(n) - count(*), 0)::BIGINT AS copies,
                   {{Across("coalesce(sum(n - trained{0}) FILTER (WHERE trained{0} > 0), 0)::BIGINT AS across{0}")}}
            FROM (SELECT count(*) AS n, {{trained}} FROM {{file.Source}} GROUP BY hash({{file.Content}}))
            """);
        var groups = file.Group is null ? null : duck.Row($$"""
            SELECT count(*) AS groups, count(*) FILTER (WHERE n > 1) AS repeating,
                   count(*) FILTER (WHERE n > 1 AND positive IN (0, n)) AS one_label,
                   {{Across("count(*) FILTER (WHERE trained{0} > 0 AND trained{0} < n) AS across{0}")}},
                   {{Across("coalesce(sum(n - trained{0}) FILTER (WHERE trained{0} > 0), 0)::BIGINT AS rows_across{0}")}}
            FROM (SELECT count(*) AS n, count(*) FILTER (WHERE {{file.IsPositive}}) AS positive, {{trained}}
                  FROM {{file.Source}} WHERE {{file.Group}} IS NOT NULL GROUP BY hash({{file.Group}}))
            """);
        long Group(string name) => groups is null ? 0 : (long)groups[name]!;
        return [.. partSql.Select((_, i) => new Leakage((long)copies["copies"]!, (long)copies[$"across{i}"]!,
            Group("groups"), Group("repeating"), Group("one_label"), Group($"across{i}"), Group($"rows_across{i}")))];
    }
}
