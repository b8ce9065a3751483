namespace Slipway.Steps.Evaluate;

/// <summary>How sure an AUC is.</summary>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
/// <param name="Level">How often such an interval holds the true value.</param>
/// <param name="Method">How it was found.</param>
/// <param name="Resamples">How many resamples.</param>
internal sealed record AucInterval(double Low, double High, double Level, string Method, int Resamples)
{
    /// <summary>How many resamples there are where nothing speaks for fewer.</summary>
    public const int Most = 1000;

    /// <summary>
    /// The percentile bootstrap (Efron 1979): rows are drawn again with replacement, all rows of a group together, since
    /// they are not independent of each other.
    /// </summary>
    /// <param name="scores">The probabilities.</param>
    /// <param name="labels">The labels; both must occur.</param>
    /// <param name="groups">The group of each row, -1 for a row by itself.</param>
    /// <param name="seed">Chooses the resamples; the same seed gives the same interval.</param>
    /// <param name="count">How many resamples.</param>
    /// <returns>The interval of 95%, and the standard deviation of the resampled AUCs.</returns>
    public static (AucInterval Interval, double StandardDeviation) Of(double[] scores, float[] labels, int[] groups, int seed, int count = Most)
    {
        var order = Enumerable.Range(0, scores.Length).ToArray();
        Array.Sort((double[])scores.Clone(), order);
        var units = Units(groups, out var unitCount);
        // One pass over rows in this order is all that a resample needs.
        var sorted = order.Select(row => (Unit: units[row], IsPositive: labels[row] != 0, Score: scores[row])).ToArray();
        var aucs = new double[count];
        // Each thread keeps one set of weights: a new one for each resample would leave gigabytes behind.
        Parallel.For(0, count, () => new int[unitCount], (resample, _, weights) =>
        {
            aucs[resample] = Resample(sorted, weights, new Random(HashCode(seed, resample)));
            return weights;
        }, _ => { });
        // A resample of few groups can miss a label; it says nothing then.
        var found = aucs.Where(auc => !double.IsNaN(auc)).Order().ToArray();
        var mean = found.Average();
        var deviation = Math.Sqrt(found.Sum(auc => (auc - mean) * (auc - mean)) / Math.Max(1, found.Length - 1));
        var method = groups.Any(group => group >= 0) ? "bootstrap over groups" : "bootstrap over rows";
        return (new AucInterval(Percentile(found, 0.025), Percentile(found, 0.975), 0.95, method, count), deviation);
    }

    private static double Resample((int Unit, bool IsPositive, double Score)[] sorted, int[] weights, Random random)
    {
        Array.Clear(weights);
        for (var i = 0; i < weights.Length; i++)
        {
            weights[random.Next(weights.Length)]++;
        }
        double area = 0, below = 0, positives = 0, tiedPositives = 0, tiedNegatives = 0;
        for (var i = 0; i < sorted.Length; i++)
        {
            ref readonly var row = ref sorted[i];
            tiedPositives += row.IsPositive ? weights[row.Unit] : 0;
            tiedNegatives += row.IsPositive ? 0 : weights[row.Unit];
            if (i + 1 == sorted.Length || sorted[i + 1].Score != row.Score)
            {
                area += tiedPositives * (below + (tiedNegatives / 2));
                below += tiedNegatives;
                positives += tiedPositives;
                (tiedPositives, tiedNegatives) = (0, 0);
            }
        }
        return positives == 0 || below == 0 ? double.NaN : area / (positives * below);
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
