using Slipway.Steps.Evaluate;
using Slipway.Steps.LightGbm;
using Slipway.Steps.Rows;

namespace Slipway.Steps.Train;

/// <summary>
/// The validation rows as a round's trees see them. A metric takes as long as a tenth of a tree, so that each is computed
/// only where it is asked for. LightGBM's own metrics give the same numbers, and take longer.
/// </summary>
/// <param name="labels">The labels of the validation rows.</param>
/// <param name="distinct">Those of the validation rows that the booster scores; null where it scores them all.</param>
internal sealed class RoundScores(float[] labels, DistinctRows? distinct)
{
    private readonly double[] _distinct = new double[distinct?.Rows.Count ?? 0];

    private double? _auc;
    private double? _logLoss;

    /// <summary>The round, from 1; 0 before any was taken.</summary>
    public int Number { get; private set; }

    /// <summary>The probabilities of the rows.</summary>
    public double[] Scores { get; } = new double[labels.Length];

    private double Auc => _auc ??= Ranking.Auc(Scores, labels);

    private double LogLoss => _logLoss ??= BinaryMetrics.LogLossOf(Scores, labels);

    /// <summary>Takes the scores of the trees so far.</summary>
    public void Take(LightGbmBooster booster, int number)
    {
        booster.Score(distinct is null ? Scores : _distinct);
        for (var row = 0; distinct is not null && row < Scores.Length; row++)
        {
            Scores[row] = _distinct[distinct.Places[row]];
        }
        (Number, _auc, _logLoss) = (number, null, null);
    }

    /// <summary>Whether these trees do better than those of another round.</summary>
    public bool IsBetterThan(RoundScores other, bool byLogLoss) => byLogLoss ? LogLoss < other.LogLoss : Auc > other.Auc;

    /// <summary>The round with both metrics.</summary>
    public TrainingRound ToRound() => new(Number, Auc, LogLoss);
}
