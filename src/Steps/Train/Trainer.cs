using Slipway.ModelServer.Models;
using Slipway.Steps.LightGbm;
using Slipway.Steps.Rows;

namespace Slipway.Steps.Train;

/// <summary>A finished training.</summary>
/// <param name="Text">The model in LightGBM's text format: the trees up to the best iteration.</param>
/// <param name="Forest">The same, ready to predict.</param>
/// <param name="Best">The round with the best validation metric.</param>
/// <param name="Scores">The model's probabilities of the validation rows.</param>
/// <param name="Rounds">The rounds that ran.</param>
internal sealed record Trained(string Text, Forest Forest, TrainingRound Best, double[] Scores, int Rounds);

/// <summary>One round of a training.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Auc">The AUC on the validation rows.</param>
/// <param name="LogLoss">The log loss on the validation rows.</param>
internal sealed record TrainingRound(int Number, double Auc, double LogLoss);

/// <summary>Trains boosted trees, and stops when the validation rows gain no more.</summary>
internal static class Trainer
{
    private const int RoundsBetweenTold = 10;

    /// <summary>Trains a model. The same rows, order included, and hyperparameters give the same model.</summary>
    /// <param name="hyperparameters">How.</param>
    /// <param name="train">The rows to learn from.</param>
    /// <param name="validation">The rows that decide when to stop.</param>
    /// <param name="progress">Told of every tenth round; null where nobody asks.</param>
    /// <param name="cancellation">Ends the training between two rounds.</param>
    /// <exception cref="LightGbmException">LightGBM refused.</exception>
    public static Trained Run(
        Hyperparameters hyperparameters, EncodedRows train, EncodedRows validation, Action<TrainingRound>? progress, CancellationToken cancellation)
    {
        var finding = Task.Run(() => DistinctRows.Of(validation, byLabel: false), cancellation);
        // The log loss of a row that counts five times is that of five equal rows.
        var weighted = hyperparameters.TakesWeights ? DistinctRows.Of(train, byLabel: true) : null;
        var scored = finding.GetAwaiter().GetResult();
        var parameters = hyperparameters.ToLightGbm(train.Count, weighted?.Rows.Count ?? train.Count);
        using var trainSet = new LightGbmDataset(weighted?.Rows ?? train, parameters, weights: weighted?.Counts);
        using var validationSet = new LightGbmDataset(scored?.Rows ?? validation, parameters, trainSet);
        using var booster = new LightGbmBooster(trainSet, validationSet, parameters);
        var stopsEarly = hyperparameters.EarlyStoppingRounds > 0;
        var (now, best) = (new RoundScores(validation.Labels, scored), new RoundScores(validation.Labels, scored));
        var number = 0;
        for (var grows = true; grows && number < hyperparameters.Rounds;)
        {
            cancellation.ThrowIfCancellationRequested();
            grows = booster.Update();
            number++;
            var isTold = progress is not null && number % RoundsBetweenTold == 0;
            // Without early stopping the last round is the model, as in LightGBM, and nobody asks how good the others are.
            if (!stopsEarly && !isTold && grows && number < hyperparameters.Rounds)
            {
                continue;
            }
            now.Take(booster, number);
            if (isTold)
            {
                progress!(now.ToRound());
            }
            if (best.Number == 0 || !stopsEarly || now.IsBetterThan(best, hyperparameters.StopsByLogLoss))
            {
                (now, best) = (best, now);
            }
            else if (number - best.Number >= hyperparameters.EarlyStoppingRounds)
            {
                break;
            }
        }
        var text = booster.ToText(best.Number);
        return new Trained(text, Forest.Parse(text), best.ToRound(), best.Scores, number);
    }
}
