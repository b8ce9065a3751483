using Slipway.Steps.Rows;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Evaluate;

/// <summary>Judges a model on each value of each categorical feature.</summary>
internal static class Slices
{
    /// <summary>One slice a value that occurs, in the encoder's order, unknown first.</summary>
    /// <param name="encoder">Knows the values behind the codes.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="scores">Their probabilities.</param>
    /// <param name="cut">The probability from which a row counts as positive.</param>
    public static IReadOnlyList<Slice> Of(Encoder encoder, EncodedRows rows, double[] scores, double cut)
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
                    var metrics = BinaryMetrics.Of([.. members.Select(row => scores[row])], [.. members.Select(row => rows.Labels[row])], cut);
                    slices.Add(new Slice(category.Column, code == 0 ? "(unknown)" : category.Values[code - 1],
                        metrics.Rows, metrics.Auc, metrics.LogLoss, metrics.Precision, metrics.Recall));
                }
            }
        }
        return slices;
    }
}
