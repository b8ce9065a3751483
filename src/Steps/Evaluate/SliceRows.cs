using Slipway.Steps.Rows;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Evaluate;

/// <summary>The rows with one value of a categorical feature.</summary>
/// <param name="Feature">The feature.</param>
/// <param name="Value">The value; <c>(unknown)</c> where it is not known.</param>
/// <param name="Members">The rows.</param>
internal sealed record SliceRows(string Feature, string Value, int[] Members)
{
    /// <summary>One slice a value that occurs, of each categorical feature, in the encoder's order, unknown first.</summary>
    /// <param name="encoder">Knows the values behind the codes.</param>
    /// <param name="rows">The rows.</param>
    public static IReadOnlyList<SliceRows> Of(Encoder encoder, EncodedRows rows)
    {
        var slices = new List<SliceRows>();
        for (var feature = 0; feature < encoder.Features.Count; feature++)
        {
            if (encoder.Features[feature] is not CategoryFeature category)
            {
                continue;
            }
            var byCode = Enumerable.Range(0, rows.Count).ToLookup(row => (int)rows.Inputs[(row * rows.Width) + feature]);
            slices.AddRange(Enumerable.Range(0, category.Values.Count + 1).Where(byCode.Contains).Select(code =>
                new SliceRows(category.Column, code == 0 ? "(unknown)" : category.Values[code - 1], [.. byCode[code]])));
        }
        return slices;
    }

    /// <summary>Judges a model on them.</summary>
    /// <param name="scores">The probabilities of all rows.</param>
    /// <param name="labels">The labels of all rows.</param>
    /// <param name="cut">The probability from which a row counts as positive.</param>
    /// <param name="interval">The interval of the AUC; null where they have one label.</param>
    public Slice Judge(double[] scores, float[] labels, double cut, AucInterval? interval)
    {
        var metrics = BinaryMetrics.Of([.. Members.Select(row => scores[row])], [.. Members.Select(row => labels[row])], cut);
        return new Slice(Feature, Value, metrics.Rows, metrics.Auc, metrics.Auc is null ? null : interval, metrics.LogLoss, metrics.Brier,
            metrics.CalibrationError, metrics.Precision, metrics.Recall);
    }
}
