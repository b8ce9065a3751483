namespace Slipway.Steps.Evaluate;

/// <summary>How good probabilities are for rows whose labels are known.</summary>
/// <param name="Rows">How many rows.</param>
/// <param name="Auc">The area under the ROC curve; null where a label does not occur.</param>
/// <param name="LogLoss">The mean of -ln of the probability given to the true label.</param>
/// <param name="Brier">The mean squared difference between probability and label (Brier 1950).</param>
/// <param name="CalibrationError">The expected calibration error over ten bins of equal width (Naeini et al. 2015).</param>
/// <param name="TruePositives">Rows with label 1 at or above the cut.</param>
/// <param name="FalsePositives">Rows with label 0 at or above the cut.</param>
/// <param name="TrueNegatives">Rows with label 0 below the cut.</param>
/// <param name="FalseNegatives">Rows with label 1 below the cut.</param>
/// <param name="Calibration">For each bin that holds rows: the mean probability and the share of label 1.</param>
internal sealed record BinaryMetrics(
    int Rows, double? Auc, double LogLoss, double Brier, double CalibrationError,
    int TruePositives, int FalsePositives, int TrueNegatives, int FalseNegatives, IReadOnlyList<(double X, double Y)> Calibration)
{
    private const int Bins = 10;

    // LightGBM's own log loss stops here as well: a probability of 0 would make it infinite.
    private const double Epsilon = 1e-15;

    /// <summary>Of the rows called positive, the share that is; 0 where none is called so.</summary>
    public double Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>Of the positive rows, the share called so; 0 where there is none.</summary>
    public double Recall => Share(TruePositives, TruePositives + FalseNegatives);

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Share(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    /// <summary>The share of rows called rightly.</summary>
    public double Accuracy => Share(TruePositives + TrueNegatives, Rows);

    /// <summary>Measures rows.</summary>
    /// <param name="scores">The probabilities.</param>
    /// <param name="labels">The labels, at least one.</param>
    /// <param name="cut">The probability from which a row counts as positive.</param>
    public static BinaryMetrics Of(double[] scores, float[] labels, double cut)
    {
        double logLoss = 0, brier = 0;
        Span<int> called = stackalloc int[4];
        var (rows, sums, ones) = (new int[Bins], new double[Bins], new int[Bins]);
        for (var i = 0; i < scores.Length; i++)
        {
            var isPositive = labels[i] != 0;
            var ofTruth = isPositive ? scores[i] : 1 - scores[i];
            logLoss += Loss(ofTruth);
            brier += (1 - ofTruth) * (1 - ofTruth);
            called[(isPositive ? 2 : 0) + (scores[i] >= cut ? 1 : 0)]++;
            var bin = Math.Min(Bins - 1, (int)(scores[i] * Bins));
            rows[bin]++;
            sums[bin] += scores[i];
            ones[bin] += isPositive ? 1 : 0;
        }
        var error = Enumerable.Range(0, Bins).Sum(bin => Math.Abs(sums[bin] - ones[bin])) / scores.Length;
        var auc = Ranking.Auc(scores, labels);
        return new BinaryMetrics(scores.Length, double.IsNaN(auc) ? null : auc, logLoss / scores.Length, brier / scores.Length, error,
            called[3], called[1], called[0], called[2],
            [.. Enumerable.Range(0, Bins).Where(bin => rows[bin] > 0).Select(bin => (sums[bin] / rows[bin], (double)ones[bin] / rows[bin]))]);
    }

    /// <summary>The mean log loss alone.</summary>
    public static double LogLossOf(double[] scores, float[] labels)
    {
        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++)
        {
            sum += Loss(labels[i] != 0 ? scores[i] : 1 - scores[i]);
        }
        return sum / scores.Length;
    }

    private static double Loss(double ofTruth) => -Math.Log(Math.Clamp(ofTruth, Epsilon, 1));

    private static double Share(int part, int whole) => whole == 0 ? 0 : (double)part / whole;
}
