namespace Slipway.Steps.Evaluate;

/// <summary>How sure an AUC is.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Level">How often such an interval holds the true value.</param>
/// <param name="Method">How it was found.</param>
/// <param name="Resamples">How many resamples.</param>
internal sealed record AucInterval(double Low, double High, double Level, string Method, int Resamples)
{
    private const int Most = 1000;

    // A part's interval is drawn with fewer resamples where it has very many rows: the work grows with both.
    private const int MostResampledRows = 50_000_000, Least = 200;

    /// <summary>The interval of all rows, and the standard deviation of the resampled AUCs.</summary>
    /// <param name="scores">The probabilities.</param>
    /// <param name="labels">The labels; both must occur.</param>
    /// <param name="groups">The group of each row, -1 for a row by itself.</param>
    /// <param name="seed">Chooses the resamples; the same seed gives the same interval.</param>
    public static (AucInterval Interval, double StandardDeviation) Of(double[] scores, float[] labels, int[] groups, int seed) =>
        OfAllAnd([], scores, labels, groups, seed)[0]!.Value;

    /// <summary>
    /// The percentile bootstrap (Efron 1979): rows are drawn again with replacement, all rows of a group together, since
    /// they are not independent of each other. What is drawn serves all rows and each part of them.
    /// </summary>
    /// <param name="parts">The rows of each part.</param>
    /// <param name="scores">The probabilities.</param>
    /// <param name="labels">The labels.</param>
    /// <param name="groups">The group of each row, -1 for a row by itself.</param>
    /// <param name="seed">Chooses the resamples; the same seed gives the same intervals.</param>
    /// <returns>The interval of 95% of all rows, then of each part, with the standard deviation of the resampled AUCs; null where a label does not occur.</returns>
    public static IReadOnlyList<(AucInterval Interval, double StandardDeviation)?> OfAllAnd(
        IReadOnlyList<int[]> parts, double[] scores, float[] labels, int[] groups, int seed)
    {
        var all = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort((double[])scores.Clone(), all);
        var units = Units(groups, out var unitCount);
        var ranks = new int[all.Length];
        for (var rank = 0; rank < all.Length; rank++)
        {
            ranks[all[rank]] = rank;
        }
        var ranked = new RankedRows[parts.Count + 1];
        Parallel.For(0, ranked.Length, i => ranked[i] = new RankedRows(
            i == 0 ? all : [.. parts[i - 1].Select(row => ranks[row]).Order().Select(rank => all[rank])],
            scores, labels, units, i == 0 ? Most : Math.Clamp(MostResampledRows / parts[i - 1].Length, Least, Most)));
        // Each thread keeps one set of weights: a new one for each resample would leave gigabytes behind.
        Parallel.For(0, Most, () => new int[unitCount], (resample, _, weights) =>
        {
            Draw(weights, new Random(HashCode(seed, resample)));
            foreach (var rows in ranked)
            {
                rows.Resample(resample, weights);
            }
            return weights;
        }, _ => { });
        var method = groups.Any(group => group >= 0) ? "bootstrap over groups" : "bootstrap over rows";
        return [.. ranked.Select(rows => Of(rows.Aucs, method))];
    }

    private static (AucInterval Interval, double StandardDeviation)? Of(double[] aucs, string method)
    {
        // A resample of few groups can miss a label; it says nothing then.
        var found = aucs.Where(auc => !double.IsNaN(auc)).Order().ToArray();
        if (found.Length == 0)
        {
            return null;
        }
        var mean = found.Average();
        var deviation = Math.Sqrt(found.Sum(auc => (auc - mean) * (auc - mean)) / Math.Max(1, found.Length - 1));
        return (new AucInterval(Percentile(found, 0.025), Percentile(found, 0.975), 0.95, method, aucs.Length), deviation);
    }

    private static void Draw(int[] weights, Random random)
    {
        Array.Clear(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[random.Next(weights.Length)]++;
        }
    }

    private static int[] Units(int[] groups, out int count)
    {
        var numbers = new Dictionary<int, int>();
        var units = new int[groups.Length];
        var next = 0;
        for (var row = 0; row < groups.Length; row++)
        {
            if (groups[row] < 0 || !numbers.TryGetValue(groups[row], out units[row]))
            {
                units[row] = next++;
                if (groups[row] >= 0)
                {
                    numbers.Add(groups[row], units[row]);
                }
            }
        }
        count = next;
        return units;
    }

    private static double Percentile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 == sorted.Length ? sorted[below] : sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]));
    }

    // System.HashCode differs from process to process.
    private static int HashCode(int seed, int resample) => unchecked((seed * 1_000_003) ^ (resample * 7919));
}
