using Slipway.Steps.Rows;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Evaluate;

/// <summary>Judges a model on each value of each categorical feature.</summary>
internal static class Slices
{
    // A slice's interval is drawn with fewer resamples where it has very many rows: the work grows with both.
    private const int MostResampledRows = 50_000_000, LeastResamples = 200;

    /// <summary>One slice a value that occurs, in the encoder's order, unknown first.</summary>
    /// <param name="encoder">Knows the values behind the codes.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="scores">Their probabilities.</param>
    /// <param name="cut">The probability from which a row counts as positive.</param>
    /// <param name="seed">Chooses the resamples of the intervals.</param>
    public static IReadOnlyList<Slice> Of(Encoder encoder, EncodedRows rows, double[] scores, double cut, int seed)
    {
        var slices = new List<Slice>();
        for (var feature = 0; feature < encoder.Features.Count; feature++)
        {
            if (encoder.Features[feature] is not CategoryFeature category)
            {
                continue;
            }
            var byCode = Enumerable.Range(0, rows.Count).ToLookup(row => (int)rows.Inputs[(row * rows.Width) + feature]);
            for (var code = 0; code <= category.Values.Count; code++)
            {
                int[] members = [.. byCode[code]];
                if (members.Length > 0)
                {
                    slices.Add(Of(category.Column, code == 0 ? "(unknown)" : category.Values[code - 1], members, rows, scores, cut, seed));
                }
            }
        }
        return slices;
    }

    private static Slice Of(string feature, string value, int[] members, EncodedRows rows, double[] scores, double cut, int seed)
    {
        double[] theirs = [.. members.Select(row => scores[row])];
        float[] labels = [.. members.Select(row => rows.Labels[row])];
        var metrics = BinaryMetrics.Of(theirs, labels, cut);
        var interval = metrics.Auc is null ? null
            : AucInterval.Of(theirs, labels, [.. members.Select(row => rows.Groups[row])], seed, Math.Clamp(MostResampledRows / members.Length, LeastResamples, AucInterval.Most)).Interval;
        return new Slice(feature, value, metrics.Rows, metrics.Auc, interval, metrics.LogLoss, metrics.Brier, metrics.CalibrationError, metrics.Precision, metrics.Recall);
    }
}
