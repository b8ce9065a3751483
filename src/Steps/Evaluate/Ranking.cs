namespace Slipway.Steps.Evaluate;

/// <summary>Rows of equal score.</summary>
/// <param name="Score">The score.</param>
/// <param name="Positives">Rows with label 1.</param>
/// <param name="Negatives">Rows with label 0.</param>
internal readonly record struct ScoreBlock(double Score, int Positives, int Negatives);

/// <summary>Scored rows from the highest score down, rows of equal score together: what ROC, AUC and precision–recall need.</summary>
internal sealed class Ranking
{
    private Ranking(List<ScoreBlock> blocks, long positives, long negatives) =>
        (Blocks, Positives, Negatives) = (blocks, positives, negatives);

    /// <summary>The blocks, highest score first.</summary>
    public IReadOnlyList<ScoreBlock> Blocks { get; }

    /// <summary>Rows with label 1.</summary>
    public long Positives { get; }

    /// <summary>Rows with label 0.</summary>
    public long Negatives { get; }

    /// <summary>Ranks rows.</summary>
    public static Ranking Of(double[] scores, float[] labels)
    {
        var ones = 0;
        foreach (var label in labels)
        {
            ones += label != 0 ? 1 : 0;
        }
        var (positive, negative) = (new ulong[ones], new ulong[scores.Length - ones]);
        for (int i = 0, p = 0, n = 0; i < scores.Length; i++)
        {
            var key = RadixSort.Key(scores[i]);
            if (labels[i] != 0)
            {
                positive[p++] = key;
            }
            else
            {
                negative[n++] = key;
            }
        }
        return new Ranking(Merge(RadixSort.Sort(positive), RadixSort.Sort(negative)), ones, scores.Length - ones);
    }

    private static List<ScoreBlock> Merge(ulong[] positive, ulong[] negative)
    {
        var blocks = new List<ScoreBlock>();
        var (p, n) = (positive.Length - 1, negative.Length - 1);
        while (p >= 0 || n >= 0)
        {
            var highest = p < 0 ? negative[n] : n < 0 ? positive[p] : Math.Max(positive[p], negative[n]);
            var (ones, zeros) = (0, 0);
            for (; p >= 0 && positive[p] == highest; p--)
            {
                ones++;
            }
            for (; n >= 0 && negative[n] == highest; n--)
            {
                zeros++;
            }
            blocks.Add(new ScoreBlock(RadixSort.Score(highest), ones, zeros));
        }
        return blocks;
    }

    /// <summary>
    /// The area under the ROC curve: how often a positive row scores above a negative one, ties counting half. NaN where
    /// a label does not occur.
    /// </summary>
    public double Auc()
    {
        double area = 0, above = 0;
        foreach (var block in Blocks)
        {
            area += block.Negatives * (above + (block.Positives / 2.0));
            above += block.Positives;
        }
        return Positives == 0 || Negatives == 0 ? double.NaN : area / ((double)Positives * Negatives);
    }
}
