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
        var keys = (double[])scores.Clone();
        var sorted = (float[])labels.Clone();
        Array.Sort(keys, sorted);
        var blocks = new List<ScoreBlock>();
        long positives = 0;
        for (var end = keys.Length - 1; end >= 0;)
        {
            var (begin, ones) = (end, 0);
            for (; begin >= 0 && keys[begin] == keys[end]; begin--)
            {
                ones += sorted[begin] != 0 ? 1 : 0;
            }
            blocks.Add(new ScoreBlock(keys[end], ones, end - begin - ones));
            positives += ones;
            end = begin;
        }
        return new Ranking(blocks, positives, keys.Length - positives);
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
