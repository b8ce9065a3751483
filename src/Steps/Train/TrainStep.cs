using System.Globalization;
using System.Reflection;
using Slipway.ModelServer.Models;
using Slipway.Steps.Data;
using Slipway.Steps.Evaluate;
using Slipway.Steps.LightGbm;
using Slipway.Steps.Rows;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Training;

namespace Slipway.Steps.Train;

/// <summary>Trains the model, as a SageMaker training job.</summary>
internal sealed class TrainStep : IStep
{
    /// <inheritdoc/>
    public string Verb => "train";

    /// <inheritdoc/>
    public string Summary => "trains a model on the channels train and validation";

    /// <inheritdoc/>
    public IReadOnlyList<string> Arguments => [];

    /// <inheritdoc/>
    public string FailureFile => "output/failure";

    /// <inheritdoc/>
    public async Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        var job = new TrainingJob(context.Root);
        job.Check();
        var hyperparameters = Hyperparameters.Read(job.Hyperparameters());
        var encoder = ReadEncoder(job);
        // One thread reads the training rows: these leave it alone.
        var hashes = Task.Run(job.Hashes, cancellation);
        var reading = Task.Run(() => Rows(job, "validation", encoder), cancellation);
        var train = Rows(job, "train", encoder);
        var validation = await reading;
        context.Log($"Training on {train.Count} rows ({train.Positives} positive), stopping by {validation.Count} validation rows.");
        var trained = Run(context, hyperparameters, train, validation, cancellation);
        var (cut, rule) = CutChoice.Choose(trained.Scores, validation.Labels);
        var record = new TrainingRecord(1, "LightGBM " + LibraryVersion(), hyperparameters.Values, hyperparameters.Seed,
            trained.Best.Number, trained.Rounds, new TrainingRows(train.Count, validation.Count),
            new SortedDictionary<string, double>(StringComparer.Ordinal) { ["auc"] = trained.Best.Auc, ["binary_logloss"] = trained.Best.LogLoss },
            cut, rule, await hashes);
        Write(job, trained, record, SampleRequest(train));
        context.Log(FormattableString.Invariant($"The model has {trained.Best.Number} trees of {trained.Rounds} tried; cut {cut:F4}: {rule}"));
        // The last line with a metric is the one that SageMaker keeps as the job's final value.
        context.Log(Line(trained.Best));
    }

    private static Trained Run(
        StepContext context, Hyperparameters hyperparameters, EncodedRows train, EncodedRows validation, CancellationToken cancellation)
    {
        try
        {
            return Trainer.Run(hyperparameters, train, validation, round => context.Log($"[{round.Number}] {Line(round)}"), cancellation);
        }
        catch (LightGbmException e)
        {
            throw new StepFailedException("LightGBM: " + e.Message, e);
        }
    }

    private static Encoder ReadEncoder(TrainingJob job)
    {
        try
        {
            return Encoder.Load(job.EncoderFile);
        }
        catch (Exception e) when (e is InvalidDataException or FileNotFoundException)
        {
            throw new StepFailedException($"The channel 'encoder' has no usable encoder.json: {e.Message}", e);
        }
    }

    private static EncodedRows Rows(TrainingJob job, string channel, Encoder encoder)
    {
        var rows = new EncodedFiles([job.Channel(channel)], encoder.InputNames).Read();
        if (rows.Count == 0)
        {
            throw new StepFailedException($"The channel '{channel}' has no rows.");
        }
        var positives = rows.Positives;
        return positives > 0 && positives < rows.Count ? rows : throw new StepFailedException(
            $"Every one of the {rows.Count} rows in the channel '{channel}' has the label {(positives == 0 ? 0 : 1)}: there is nothing to tell apart.");
    }

    /// <summary>The first row as a request in CSV: a deployment asks a new server for its prediction before it gets traffic.</summary>
    private static string SampleRequest(EncodedRows rows) =>
        string.Join(',', rows.Inputs.Take(rows.Width).Select(v => float.IsNaN(v) ? "" : v.ToString(CultureInfo.InvariantCulture))) + "\n";

    private static void Write(TrainingJob job, Trained trained, TrainingRecord record, string sampleRequest)
    {
        Directory.CreateDirectory(job.ModelFolder);
        AtomicFile.Write(Path.Combine(job.ModelFolder, "model.txt"), trained.Text);
        AtomicFile.Write(Path.Combine(job.ModelFolder, "encoder.json"), File.ReadAllText(job.EncoderFile));
        AtomicFile.Write(Path.Combine(job.ModelFolder, "training.json"), record.ToJson());
        AtomicFile.Write(Path.Combine(job.ModelFolder, "sample-request.csv"), sampleRequest);
    }

    private static string Line(TrainingRound round) =>
        $"{MetricDefinitions.Format(MetricDefinitions.ValidationAuc, round.Auc)} {MetricDefinitions.Format(MetricDefinitions.ValidationLogLoss, round.LogLoss)}";

    private static string LibraryVersion() => typeof(TrainStep).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "LightGBM").Value!;
}
