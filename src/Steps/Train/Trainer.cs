using Slipway.ModelServer.Models;
using Slipway.Steps.Evaluate;
using Slipway.Steps.LightGbm;
using Slipway.Steps.Rows;

namespace Slipway.Steps.Train;

/// <summary>A finished training.</summary>
/// <param name="Text">The model in LightGBM's text format: the trees up to the best iteration.</param>
/// <param name="Forest">The same, ready to predict.</param>
/// <param name="Best">The round with the best validation metric.</param>
/// <param name="Rounds">The rounds that ran.</param>
internal sealed record Trained(string Text, Forest Forest, TrainingRound Best, int Rounds);

/// <summary>One round of a training.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Auc">The AUC on the validation rows.</param>
/// <param name="LogLoss">The log loss on the validation rows.</param>
internal sealed record TrainingRound(int Number, double Auc, double LogLoss);

/// <summary>Trains boosted trees, and stops when the validation rows gain no more.</summary>
internal static class Trainer
{
    /// <summary>Trains a model. The same rows, order included, and hyperparameters give the same model.</summary>
    /// <param name="hyperparameters">How.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">The rows that decide when to stop.</param>
    /// <param name="progress">Told of each round.</param>
    /// <param name="cancellation">Ends the training between two rounds.</param>
    /// <exception cref="LightGbmException">LightGBM refused.</exception>
    public static Trained Run(
        Hyperparameters hyperparameters, EncodedRows train, EncodedRows validation, Action<TrainingRound>? progress, CancellationToken cancellation)
    {
        var parameters = hyperparameters.ToLightGbm(train.Count);
        using var trainSet = new LightGbmDataset(train, parameters);
        using var validationSet = new LightGbmDataset(validation, parameters, trainSet);
        using var booster = new LightGbmBooster(trainSet, validationSet, parameters);
        var scores = new double[validation.Count];
        TrainingRound? best = null;
        var number = 0;
        var grows = true;
        while (grows && number < hyperparameters.Rounds)
        {
            cancellation.ThrowIfCancellationRequested();
            grows = booster.Update();
            // LightGBM's own metrics give the same numbers, and take a fifth of the training's time
            booster.Score(scores);
            var round = new TrainingRound(++number, Ranking.Auc(scores, validation.Labels), BinaryMetrics.LogLossOf(scores, validation.Labels));
            progress?.Invoke(round);
            // Without early stopping the last round is the model, as in LightGBM.
            if (best is null || hyperparameters.EarlyStoppingRounds == 0 || IsBetter(round, best, hyperparameters.StopsByLogLoss))
            {
                best = round;
            }
            else if (number - best.Number >= hyperparameters.EarlyStoppingRounds)
            {
                break;
            }
        }
        var text = booster.ToText(best!.Number);
        return new Trained(text, Forest.Parse(text), best, number);
    }

    private static bool IsBetter(TrainingRound round, TrainingRound best, bool byLogLoss) =>
        byLogLoss ? round.LogLoss < best.LogLoss : round.Auc > best.Auc;
}
