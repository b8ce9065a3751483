using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Slipway.ModelServer.Models;
using Slipway.Steps.Evaluate;
using Slipway.Steps.Rows;
using Slipway.Tests.Steps.Train;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Pipelines;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class EvaluateStepTests
{
    [Fact]
    public async Task A_model_with_a_real_signal_is_judged_in_numbers_and_pictures()
    {
        using var training = await EvaluatedAsync(TrainingRun.Sample(4000));
        var report = training.Run.Json("evaluation/evaluation.json");
        var metrics = report["binary_classification_metrics"]!;
        var model = Model.Load(training.ModelFolder);
        var test = new EncodedFiles([training.Run.Output("test")], model.Encoder.InputNames).Read();

        var auc = Ranking.Auc(model.Forest.PredictRows(test.Inputs), test.Labels);

        Assert.Equal(auc, (double)metrics["auc"]!["value"]!);
        Assert.InRange(auc, (double)report["auc_interval"]!["low"]!, (double)report["auc_interval"]!["high"]!);
        Assert.InRange(auc, 0.7, 0.86);
        Assert.Equal(model.Training.Cut, (double)report["cut"]!);
        Assert.Equal(test.Count, (int)report["rows"]!["test"]!);
        Assert.Equal(test.Count, metrics["confusion_matrix"]!.AsObject().Sum(row => row.Value!.AsObject().Sum(cell => (int)cell.Value!)));
        Assert.Equal(model.Encoder.InputNames, report["importance"]!.AsArray().Select(input => (string)input!["feature"]!));
        Assert.Equal((1.0, 1.01), ((double)report["gate"]!["over_champion"]!, (double)report["gate"]!["champion_margin"]!));
        Assert.Null(report["champion"]!["auc"]);
        Assert.Equal(((string)report["gate"]!["words"]!, test.Count), (Evaluation.Read(report)!.GateWords, (int)Evaluation.Read(report)!.TestRows));
        Assert.Equal(4, XCharts(training).Count());
    }

    [Fact]
    public async Task The_slices_of_a_feature_are_all_test_rows_once()
    {
        using var training = await EvaluatedAsync(TrainingRun.Sample(2000));
        var report = training.Run.Json("evaluation/evaluation.json");

        var byFeature = report["slices"]!.AsArray().GroupBy(slice => (string)slice!["feature"]!).ToList();

        Assert.Equal(["gender", "device_type", "ad_position", "browsing_history", "time_of_day"], byFeature.Select(feature => feature.Key));
        Assert.All(byFeature, feature => Assert.Equal((int)report["rows"]!["test"]!, feature.Sum(slice => (int)slice!["rows"]!)));
        Assert.Equal(["(unknown)", "Female", "Male", "Non-Binary"], byFeature[0].Select(slice => (string)slice!["value"]!));
    }

    [Fact]
    public async Task A_slice_is_judged_by_the_same_numbers_as_all_rows()
    {
        using var training = await EvaluatedAsync(TrainingRun.Sample(4000));
        var report = training.Run.Json("evaluation/evaluation.json");
        var model = Model.Load(training.ModelFolder);
        var test = new EncodedFiles([training.Run.Output("test")], model.Encoder.InputNames).Read();
        var mobile = Enumerable.Range(0, test.Count).Where(row => test.Inputs[(row * test.Width) + 2] == 2).ToList();
        var scores = model.Forest.PredictRows(test.Inputs);

        var slice = report["slices"]!.AsArray().Single(slice => (string)slice!["value"]! == "Mobile")!;

        var alone = BinaryMetrics.Of([.. mobile.Select(row => scores[row])], [.. mobile.Select(row => test.Labels[row])], model.Training.Cut);
        Assert.Equal(alone.Auc, (double)slice["auc"]!);
        Assert.Equal((alone.LogLoss, alone.Brier, alone.CalibrationError), ((double)slice["log_loss"]!, (double)slice["brier"]!, (double)slice["expected_calibration_error"]!));
        Assert.Equal((alone.Precision, alone.Recall), ((double)slice["precision"]!, (double)slice["recall"]!));
        Assert.InRange((double)slice["auc"]!, (double)slice["auc_interval"]!["low"]!, (double)slice["auc_interval"]!["high"]!);
        Assert.Equal(("bootstrap over groups", 1000), ((string)slice["auc_interval"]!["method"]!, (int)slice["auc_interval"]!["resamples"]!));
        // fewer rows are less sure
        Assert.True(Width(slice["auc_interval"]!) > Width(report["auc_interval"]!));
    }

    [Fact]
    public async Task Users_that_repeat_without_leaking_raise_no_alarm()
    {
        using var training = await EvaluatedAsync(TrainingRun.Sample(4000));
        var leakage = training.Run.Json("evaluation/evaluation.json")["leakage"]!;

        Assert.True((long)leakage["repeating_groups"]! > 0);
        Assert.NotNull(leakage["random_split_auc"]);
        Assert.Equal((false, "group", "", "none"), ((bool)leakage["detected"]!, (string)leakage["split"]!, (string)leakage["words"]!, (string)leakage["metadata"]!));
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("random")]
    public async Task The_leakage_of_the_real_ad_click_data_is_found_and_told(string split)
    {
        using var training = await EvaluatedAsync(await File.ReadAllTextAsync(Repository.RequireAdClickCsv()), split);
        var report = training.Run.Json("evaluation/evaluation.json");
        var leakage = report["leakage"]!;

        Assert.True((bool)leakage["detected"]!);
        Assert.Equal(2853, (long)leakage["exact_copies"]!);
        Assert.InRange((double)leakage["grouped_auc"]!, 0.43, 0.6);
        Assert.InRange((double)leakage["random_split_auc"]!, 0.7, 0.78);
        Assert.Equal((double)report["gate"]!["auc"]!, (double)leakage[split == "random" ? "random_split_auc" : "grouped_auc"]!);
        Assert.Contains("2,853", (string)leakage["words"]!, StringComparison.Ordinal);
        Assert.Contains("leakage", (string)leakage["words"]!, StringComparison.Ordinal);
        Assert.Matches("^[A-Za-z0-9 _.:/=+@-]{1,256}$", (string)leakage["metadata"]!);
        Assert.Contains($"class=\"{(split == "random" ? "error" : "warning")}\"", Html(training), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_input_gives_the_same_bytes()
    {
        var csv = TrainingRun.Sample(1500);
        using var first = await EvaluatedAsync(csv);
        using var second = await EvaluatedAsync(csv);

        foreach (var file in new[] { "evaluation/evaluation.json", "evaluation/evaluation.html" })
        {
            Assert.Equal(await File.ReadAllTextAsync(first.Run.Output(file)), await File.ReadAllTextAsync(second.Run.Output(file)));
        }
    }

    [Fact]
    public async Task A_champion_is_judged_by_the_meaning_of_its_inputs()
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(1500));
        var champion = Model.Load(training.ModelFolder);
        var test = new EncodedFiles([training.Run.Output("test")], champion.Encoder.InputNames).Read();
        var yaml = DataSetSpecification.AdClickYaml;
        Encoder Changed(string from, string to) => new(DataSetSpecification.Parse(yaml.Replace(from, to, StringComparison.Ordinal)));

        var same = Champion.Compare("arn", champion, champion.Encoder, test);
        var recoded = Champion.Compare("arn", champion, Changed("[Female, Male, Non-Binary]", "[Male, Female, Non-Binary]"), test);
        var renamed = Champion.Compare("arn", champion, champion.Encoder, test with { InputNames = ["years", .. test.InputNames.Skip(1)] });

        Assert.Equal(Ranking.Auc(champion.Forest.PredictRows(test.Inputs), test.Labels), same.Auc);
        Assert.Equal((null, "The champion arn is not compared: its input 'gender' is encoded otherwise than this model's."), (recoded.Auc, recoded.Words));
        Assert.Equal((null, "The champion arn is not compared: its input 'age' is not among this model's inputs."), (renamed.Auc, renamed.Words));
    }

    [Theory]
    [InlineData("much", "--tolerance must be a number from 0 to 1; it is 'much'.")]
    [InlineData("-0.1", "--tolerance must be a number from 0 to 1; it is '-0.1'.")]
    public async Task A_wrong_tolerance_is_refused(string tolerance, string reason)
    {
        using var run = new StepRun();

        Assert.Equal(1, await run.RunAsync("evaluate", "--tolerance", tolerance));
        Assert.Equal(reason, run.Message);
    }

    private static async Task<TrainingRun> EvaluatedAsync(string csv, string split = "auto")
    {
        var training = await ReadyAsync(csv, split);
        await training.Run.DoneAsync("evaluate", "--tolerance", "0.01");
        return training;
    }

    /// <summary>Everything that evaluate needs is in its place.</summary>
    internal static async Task<TrainingRun> ReadyAsync(string csv, string split = "auto", object? hyperparameters = null)
    {
        var training = await TrainingRun.TrainedAsync(csv, split, hyperparameters);
        foreach (var part in new[] { "train", "validation", "test", "split" })
        {
            TrainingRun.Copy(training.Run.Output(part), Path.Combine(training.Run.Root, "processing", "input", part));
        }
        Pack(training.ModelFolder, Path.Combine(training.Run.Root, "processing", "input", "model", "model.tar.gz"));
        return training;
    }

    private static void Pack(string folder, string archive)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(archive)!);
        using var file = File.Create(archive);
        using var zip = new GZipStream(file, CompressionLevel.Fastest);
        TarFile.CreateFromDirectory(folder, zip, includeBaseDirectory: false);
    }

    private static double Width(JsonNode interval) => (double)interval["high"]! - (double)interval["low"]!;

    private static string Html(TrainingRun training) => File.ReadAllText(training.Run.Output("evaluation/evaluation.html"));

    // Everything from the body on is well-formed XML.
    private static IEnumerable<XElement> XCharts(TrainingRun training)
    {
        var html = Html(training);
        var begin = html.IndexOf("<body>", StringComparison.Ordinal);
        return XElement.Parse(html[begin..(html.IndexOf("</body>", StringComparison.Ordinal) + 7)]).Descendants("svg");
    }
}
