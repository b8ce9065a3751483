using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.ModelServer.Models;

/// <summary>training.json: how a model was made, so that it can be made again.</summary>
/// <param name="Version">The form of this file, 1.</param>
/// <param name="Library">The library that trained, with its version.</param>
/// <param name="Hyperparameters">Every hyperparameter by SageMaker's name, the defaults included.</param>
/// <param name="Seed">The seed of the sampling of rows and features.</param>
/// <param name="BestIteration">The trees of the model: the round with the best validation metric.</param>
/// <param name="Rounds">The rounds that ran before the training stopped.</param>
/// <param name="Rows">How many rows trained, and how many decided when to stop.</param>
/// <param name="ValidationMetrics">The metrics on the validation rows at the best iteration, by LightGBM's name.</param>
/// <param name="Cut">The probability from which a row counts as positive, above 0 and below 1.</param>
/// <param name="CutRule">How the cut was chosen, in words.</param>
/// <param name="Inputs">The SHA-256 (hexadecimal) of each file of the channels, by <c>channel/file</c>.</param>
public sealed record TrainingRecord(
    int Version, string Library, IReadOnlyDictionary<string, string> Hyperparameters, int Seed, int BestIteration, int Rounds,
    TrainingRows Rows, IReadOnlyDictionary<string, double> ValidationMetrics, double Cut, string CutRule,
    IReadOnlyDictionary<string, string> Inputs)
{
    /// <summary>The content of training.json.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, TrainingRecordJson.Default.TrainingRecord);

    /// <summary>Reads training.json.</summary>
    /// <exception cref="InvalidDataException">The content is not a training record of this version.</exception>
    public static TrainingRecord FromJson(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, TrainingRecordJson.Default.TrainingRecord) is { Version: 1, Cut: > 0 and < 1 } record
                // a number that is too large for one is read as infinite
                && record.ValidationMetrics.Values.All(double.IsFinite)
                ? record : throw new InvalidDataException("training.json is not a training record of version 1 with a cut between 0 and 1.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("training.json is not a training record: " + e.Message, e);
        }
    }
}

/// <summary>How many rows a training saw.</summary>
/// <param name="Train">Rows trained on.</param>
/// <param name="Validation">Rows that decided when to stop, and the cut.</param>
public sealed record TrainingRows(int Train, int Validation);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrainingRecord))]
internal sealed partial class TrainingRecordJson : JsonSerializerContext;
