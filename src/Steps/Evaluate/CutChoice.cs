namespace Slipway.Steps.Evaluate;

/// <summary>Chooses the probability from which a row counts as positive.</summary>
internal static class CutChoice
{
    /// <summary>How <see cref="Choose"/> does it, for people.</summary>
    public const string Rule = "where the true-positive rate exceeds the false-positive rate by most on the validation rows (Youden's J)";

    /// <summary>
    /// The cut of Youden's J (Youden 1950, "Index for rating diagnostic tests"): it weighs both labels alike however rare
    /// one of them is.
    /// </summary>
    /// <param name="scores">The probabilities of the validation rows.</param>
    /// <param name="labels">Their labels; both must occur.</param>
    /// <returns>A cut between two neighbouring scores, above 0 and below 1, and the rule.</returns>
    public static (double Cut, string Rule) Choose(double[] scores, float[] labels)
    {
        var ranked = Ranking.Of(scores, labels);
        var (best, cut) = (0.0, 0.5);
        long truePositives = 0, falsePositives = 0;
        for (var i = 0; i < ranked.Blocks.Count - 1; i++)
        {
            truePositives += ranked.Blocks[i].Positives;
            falsePositives += ranked.Blocks[i].Negatives;
            var j = ((double)truePositives / ranked.Positives) - ((double)falsePositives / ranked.Negatives);
            if (j > best)
            {
                (best, cut) = (j, (ranked.Blocks[i].Score + ranked.Blocks[i + 1].Score) / 2);
            }
        }
        return (cut, Rule);
    }
}
