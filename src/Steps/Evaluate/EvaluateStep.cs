using System.Globalization;
using System.Text.Json;
using Slipway.ModelServer.Models;
using Slipway.Steps.Data;
using Slipway.Steps.LightGbm;
using Slipway.Steps.Preprocess;
using Slipway.Steps.Rows;
using Slipway.Steps.StepHost;
using Slipway.Steps.Train;

namespace Slipway.Steps.Evaluate;

/// <summary>Judges the model on the test rows, beside the champion, and looks for leakage.</summary>
internal sealed class EvaluateStep : ProcessingStep
{
    private const int CurvePoints = 200;

    /// <inheritdoc/>
    public override string Verb => "evaluate";

    /// <inheritdoc/>
    public override string Summary => "judges the model on the test rows [--tolerance NUMBER]";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Arguments => ["--tolerance"];

    /// <inheritdoc/>
    public override async Task RunAsync(StepContext context, CancellationToken cancellation)
    {
        var tolerance = Tolerance(context);
        var model = ReadModel(Input(context, "model/model.tar.gz"));
        var split = ReadSplit(Input(context, "split/split.json"));
        EncodedFiles Files(params string[] parts) =>
            new([.. parts.Select(part => Path.GetDirectoryName(Input(context, $"{part}/{part}.parquet"))!)], model.Encoder.InputNames);
        // The statistics need every test row; of the others it is enough to know how many there are, but for the probe's sample.
        var (train, validation, test) = (Files("train").Count(), Files("validation").Count(), Files("test").Read(withGroups: true));
        if (test.Positives == 0 || test.Positives == test.Count)
        {
            throw new StepFailedException($"Every one of the {test.Count} test rows has the same label: the model can't be judged on them.");
        }
        var scores = model.Forest.PredictRows(test.Inputs);
        var metrics = BinaryMetrics.Of(scores, test.Labels, model.Training.Cut);
        var slices = SliceRows.Of(model.Encoder, test);
        var intervals = AucInterval.OfAllAnd([.. slices.Select(slice => slice.Members)], scores, test.Labels, test.Groups, model.Training.Seed);
        var (interval, deviation) = intervals[0]!.Value;
        var champion = await Champion.CompareAsync(context, model.Encoder, test, cancellation);
        var leakage = Probe(model, split, Files(SplitPlan.Parts), metrics.Auc!.Value, interval, cancellation);
        var report = new EvaluationReport(Quality(metrics, deviation, Ranking.Of(scores, test.Labels)), interval, model.Training.Cut, model.Training.CutRule,
            new EvaluationRows(train, validation, test.Count, test.Groups.Where(group => group >= 0).Distinct().Count() + test.Groups.Count(group => group < 0)),
            [.. slices.Zip(intervals.Skip(1), (slice, found) => slice.Judge(scores, test.Labels, model.Training.Cut, found?.Interval))], champion, Gate(metrics, interval, champion, tolerance), leakage, model.Forest.Importance,
            await RegisteredModel.FindAsync(context, cancellation));
        AtomicFile.Write(Output(context, "evaluation/evaluation.json"), JsonSerializer.Serialize(report, EvaluationJson.Default.EvaluationReport));
        AtomicFile.Write(Output(context, "evaluation/evaluation.html"), EvaluationPage.Draw(model.Encoder.DataSet, report, metrics.Calibration));
        context.Log(report.Gate.Words);
        if (leakage.Words.Length > 0)
        {
            context.Log(leakage.Words);
        }
    }

    private static LeakageResult Probe(
        Model model, SplitReport split, EncodedFiles all, double auc, AucInterval interval, CancellationToken cancellation)
    {
        try
        {
            return new LeakageProbe(split, Hyperparameters.Read(model.Training.Hyperparameters)).Run(
                () => new ProbeRows(all, split.Leakage.Groups, LeakageProbe.MostRows), auc, interval, cancellation);
        }
        catch (LightGbmException e)
        {
            throw new StepFailedException("LightGBM: " + e.Message, e);
        }
    }

    private static QualityMetrics Quality(BinaryMetrics metrics, double deviation, Ranking ranking)
    {
        var (roc, curve) = Curves(ranking);
        return new QualityMetrics(new Metric(metrics.Auc!.Value, deviation), new Metric(metrics.Precision), new Metric(metrics.Recall),
            new Metric(metrics.Accuracy), new Metric(metrics.F1), new Metric(metrics.LogLoss), new Metric(metrics.Brier), new Metric(metrics.CalibrationError),
            new SortedDictionary<string, IReadOnlyDictionary<string, int>>(StringComparer.Ordinal)
            {
                ["0"] = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["0"] = metrics.TrueNegatives, ["1"] = metrics.FalsePositives },
                ["1"] = new SortedDictionary<string, int>(StringComparer.Ordinal) { ["0"] = metrics.FalseNegatives, ["1"] = metrics.TruePositives },
            }, roc, curve);
    }

    // Every cut where there are few, else evenly thinned out; the ends always.
    private static (RocCurve Roc, PrecisionRecallCurve Curve) Curves(Ranking ranking)
    {
        var (falseRates, trueRates, precisions, recalls) = (new List<double> { 0 }, new List<double> { 0 }, new List<double>(), new List<double>());
        long positives = 0, negatives = 0;
        var step = Math.Max(1, ranking.Blocks.Count / CurvePoints);
        for (var i = 0; i < ranking.Blocks.Count; i++)
        {
            positives += ranking.Blocks[i].Positives;
            negatives += ranking.Blocks[i].Negatives;
            if (i % step == 0 || i + 1 == ranking.Blocks.Count)
            {
                falseRates.Add((double)negatives / ranking.Negatives);
                trueRates.Add((double)positives / ranking.Positives);
                precisions.Add((double)positives / (positives + negatives));
                recalls.Add((double)positives / ranking.Positives);
            }
        }
        return (new RocCurve(falseRates, trueRates), new PrecisionRecallCurve(precisions, recalls));
    }

    private static GateNumbers Gate(BinaryMetrics metrics, AucInterval interval, ChampionResult champion, double tolerance)
    {
        var auc = metrics.Auc!.Value;
        var over = champion.Auc is { } other ? auc - other : 1;
        var words = string.Create(CultureInfo.InvariantCulture,
            $"AUC {auc:F3} (95% interval {interval.Low:F3} to {interval.High:F3}) on {metrics.Rows:N0} test rows");
        if (champion.Auc is { } theirs)
        {
            words += string.Create(CultureInfo.InvariantCulture,
                $"; the approved champion scores {theirs:F3} on the same rows{(over < -tolerance ? $", more than the tolerance of {tolerance} better" : "")}");
        }
        return new GateNumbers(auc, over, over + tolerance, words);
    }

    private static double Tolerance(StepContext context)
    {
        var text = context.Argument("--tolerance") ?? "0.01";
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value is >= 0 and <= 1
            ? value : throw new StepFailedException($"--tolerance must be a number from 0 to 1; it is '{text}'.");
    }

    private static Model ReadModel(string archive)
    {
        try
        {
            return Model.LoadArchive(archive);
        }
        catch (InvalidDataException e)
        {
            throw new StepFailedException(e.Message, e);
        }
    }

    private static SplitReport ReadSplit(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(path), StepJson.Default.SplitReport) is { Leakage: not null, Shares: not null } report
                ? report : throw new StepFailedException($"{path} is not what preprocess writes.");
        }
        catch (JsonException e)
        {
            throw new StepFailedException($"{path} is not what preprocess writes: {e.Message}", e);
        }
    }
}
