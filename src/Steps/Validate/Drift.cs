namespace Slipway.Steps.Validate;

/// <summary>How far the data has moved from the baseline's.</summary>
/// <param name="Baseline">Where the baseline came from; null where there was none to compare with.</param>
/// <param name="Words">What was compared, or why nothing was.</param>
/// <param name="Columns">By column, the largest first.</param>
internal sealed record Drift(string? Baseline, string Words, IReadOnlyList<ColumnDrift> Columns)
{
    /// <summary>Above this, a population stability index is a shift that a model feels.</summary>
    public const double Threshold = 0.2;

    // An empty bucket has no logarithm; this share stands for "hardly ever".
    private const double Floor = 1e-4;

    /// <summary>Compares.</summary>
    public static Drift Of(DataStatistics data, Baseline baseline, string source)
    {
        var columns = data.Columns.Where(column => baseline.Features.ContainsKey(column.Name))
            .Select(column => new ColumnDrift(column.Name, Index(column, baseline.Features[column.Name], data)))
            .OrderByDescending(column => column.Psi).ToList();
        return new Drift(source, $"{columns.Count} columns compared with the champion's baseline.", columns);
    }

    /// <summary>
    /// The population stability index: the sum over buckets of (share now - share then) × ln(share now / share then).
    /// 0 is no change; up to 0.1 is small, above 0.2 large.
    /// </summary>
    public static double Index(IReadOnlyList<double> then, IReadOnlyList<double> now)
    {
        var (before, after) = (Math.Max(1, then.Sum()), Math.Max(1, now.Sum()));
        return then.Zip(now).Sum(bucket =>
        {
            var (p, q) = (Math.Max(Floor, bucket.Second / after), Math.Max(Floor, bucket.First / before));
            return (p - q) * Math.Log(p / q);
        });
    }

    private static double Index(ColumnStatistics column, BaselineFeature baseline, DataStatistics data)
    {
        if (baseline.Buckets is { } buckets && data.Rebinned.TryGetValue(column.Name, out var counts))
        {
            return Index([.. buckets.Select(bucket => bucket.Count), baseline.Missing], [.. counts, column.Missing]);
        }
        var then = (baseline.Values ?? []).ToDictionary(value => value.Value, value => value.Count, StringComparer.Ordinal);
        var now = (column.Values ?? []).ToDictionary(value => value.Value, value => value.Count, StringComparer.Ordinal);
        var values = then.Keys.Union(now.Keys).Order(StringComparer.Ordinal).ToList();
        return Index([.. values.Select(value => then.GetValueOrDefault(value)), baseline.Missing],
            [.. values.Select(value => now.GetValueOrDefault(value)), column.Missing]);
    }
}

/// <summary>A column's drift.</summary>
/// <param name="Name">The column.</param>
/// <param name="Psi">Its population stability index.</param>
internal sealed record ColumnDrift(string Name, double Psi);
