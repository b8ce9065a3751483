using System.Text.RegularExpressions;
using Slipway.ModelServer.Models;
using Slipway.Steps.Evaluate;
using Slipway.Steps.LightGbm;
using Slipway.Steps.Rows;
using Slipway.Steps.Train;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Training;

namespace Slipway.Tests.Steps.Train;

public sealed class TrainStepTests
{
    [Fact]
    public async Task A_training_leaves_a_model_its_encoder_and_how_it_was_made()
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(3000), hyperparameters: new { num_leaves = "7", seed = "3" });

        var model = Model.Load(training.ModelFolder);

        Assert.Equal(File.ReadAllText(training.Run.Output("encoder/encoder.json")), File.ReadAllText(Path.Combine(training.ModelFolder, "encoder.json")));
        Assert.Equal(["encoder/encoder.json", "train/train.parquet", "validation/validation.parquet"], model.Training.Inputs.Keys);
        Assert.Equal(("7", "0.1", 3), (model.Training.Hyperparameters["num_leaves"], model.Training.Hyperparameters["learning_rate"], model.Training.Seed));
        Assert.Equal("LightGBM 4.7.0", model.Training.Library);
        Assert.Equal(model.Training.BestIteration, model.Forest.TreeCount);
        Assert.True(model.Training.Rounds == model.Training.BestIteration + 30, "early stopping ends the training 30 rounds after the best");
        Assert.InRange(model.Training.ValidationMetrics["auc"], 0.7, 0.85);
    }

    [Fact]
    public async Task The_recorded_metrics_are_those_of_the_saved_model_and_end_the_log()
    {
        using var training = await TrainingRun.TrainedAsync(TrainingRun.Sample(3000));
        var model = Model.Load(training.ModelFolder);
        var rows = new EncodedFiles([training.Channel("validation")], model.Encoder.InputNames).Read();
        var scores = model.Forest.PredictRows(rows.Inputs);

        var auc = Ranking.Auc(scores, rows.Labels);
        var logLoss = scores.Zip(rows.Labels, (score, label) => -Math.Log(label == 1 ? score : 1 - score)).Average();

        Assert.Equal(auc, model.Training.ValidationMetrics["auc"], tolerance: 1e-9);
        Assert.Equal(logLoss, model.Training.ValidationMetrics["binary_logloss"], tolerance: 1e-6);
        foreach (var (name, value) in new[] { (MetricDefinitions.ValidationAuc, auc), (MetricDefinitions.ValidationLogLoss, logLoss) })
        {
            var matches = Regex.Matches(training.Run.Log.ToString(), MetricDefinitions.Regexes[name], RegexOptions.None, TimeSpan.FromSeconds(1));
            Assert.True(matches.Count > 1);
            Assert.Equal(value, double.Parse(matches[^1].Groups[1].Value), tolerance: 1e-5);
        }
    }

    [Fact]
    public async Task The_same_rows_and_seed_give_the_same_bytes_and_another_seed_does_not()
    {
        var csv = TrainingRun.Sample(2000);
        using var first = await TrainingRun.TrainedAsync(csv);
        using var second = await TrainingRun.TrainedAsync(csv);
        using var other = await TrainingRun.TrainedAsync(csv, hyperparameters: new { seed = "43" });

        foreach (var file in new[] { "model.txt", "training.json", "sample-request.csv" })
        {
            Assert.Equal(File.ReadAllBytes(Path.Combine(first.ModelFolder, file)), File.ReadAllBytes(Path.Combine(second.ModelFolder, file)));
        }
        Assert.NotEqual(Trees(first), Trees(other));
    }

    [Fact]
    public async Task The_number_of_threads_does_not_change_the_trees()
    {
        var csv = TrainingRun.Sample(6000);
        using var one = await TrainingRun.TrainedAsync(csv, hyperparameters: new { num_threads = "1", num_boost_round = "20" });
        using var three = await TrainingRun.TrainedAsync(csv, hyperparameters: new { num_threads = "3", num_boost_round = "20" });

        Assert.Equal(Trees(one), Trees(three));
    }

    [Fact]
    public async Task Without_early_stopping_every_round_is_kept()
    {
        using var training = await TrainingRun.TrainedAsync(
            TrainingRun.Sample(1000), hyperparameters: new { num_boost_round = "12", early_stopping_rounds = "0" });

        Assert.Equal(12, Model.Load(training.ModelFolder).Forest.TreeCount);
    }

    [Theory]
    [InlineData("0", "auc")]
    [InlineData("7", "auc")]
    [InlineData("7", "binary_logloss")]
    public async Task What_a_training_says_of_its_best_round_is_so_of_the_saved_model_to_the_last_bit(string patience, string metric)
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(3000));
        var files = (string channel) => new EncodedFiles([training.Channel(channel)], Encoder.Load(Path.Combine(training.Channel("encoder"), "encoder.json")).InputNames).Read();
        var (train, validation) = (files("train"), files("validation"));
        var hyperparameters = Hyperparameters.Read(new Dictionary<string, string> { ["num_boost_round"] = "45", ["early_stopping_rounds"] = patience, ["metric"] = metric });
        var told = new List<TrainingRound>();

        var trained = Trainer.Run(hyperparameters, train, validation, told.Add, CancellationToken.None);

        var scores = trained.Forest.PredictRows(validation.Inputs);
        Assert.Equal(scores, trained.Scores);
        Assert.Equal(new TrainingRound(trained.Forest.TreeCount, Ranking.Auc(scores, validation.Labels), BinaryMetrics.LogLossOf(scores, validation.Labels)), trained.Best);
        Assert.Equal(Enumerable.Range(1, trained.Rounds / 10).Select(i => 10 * i), told.Select(r => r.Number));
        Assert.Equal(patience == "0" ? 45 : Math.Min(45, trained.Best.Number + 7), trained.Rounds);
        Assert.All(told, r => Assert.False(patience != "0" && (metric == "auc" ? r.Auc > trained.Best.Auc : r.LogLoss < trained.Best.LogLoss)));
    }

    [Theory]
    [InlineData("binary_logloss", "False")]
    [InlineData("auc", "True")]
    public async Task A_model_of_rows_that_repeat_is_that_of_all_rows(string metric, string isUnbalance)
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(3000));
        var all = new EncodedFiles([training.Channel("train")], Encoder.Load(Path.Combine(training.Channel("encoder"), "encoder.json")).InputNames).Read();
        var validation = new EncodedFiles([training.Channel("validation")], all.InputNames).Read();
        // each as often as any other, and few leaves: LightGBM counts the rows of a leaf without their weights
        var once = DistinctRows.Of(Repeat(all, 4), byLabel: true)!.Rows;
        var repeated = Repeat(once, 4);
        var hyperparameters = Hyperparameters.Read(new Dictionary<string, string>
        {
            ["num_boost_round"] = "20", ["early_stopping_rounds"] = "0", ["metric"] = metric, ["is_unbalance"] = isUnbalance, ["num_leaves"] = "6",
        });

        var trained = Trainer.Run(hyperparameters, repeated, validation, progress: null, CancellationToken.None);

        // LightGBM by itself, on every row
        var parameters = hyperparameters.ToLightGbm(repeated.Count, repeated.Count);
        using var trainSet = new LightGbmDataset(repeated, parameters);
        using var validationSet = new LightGbmDataset(validation, parameters, trainSet);
        using var booster = new LightGbmBooster(trainSet, validationSet, parameters);
        for (var round = 0; round < 20; round++)
        {
            Assert.True(booster.Update());
        }
        var scores = new double[validation.Count];
        booster.Score(scores);
        Assert.All(scores.Zip(trained.Scores), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4));
        Assert.Equal(isUnbalance == "True", trained.Text.Contains(Counts(booster.ToText(20)), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("num_leavs", "7", "There is no hyperparameter 'num_leavs'; there are num_boost_round, ")]
    [InlineData("num_leaves", "1", "The hyperparameter num_leaves must be a whole number from 2 to 131072; it is '1'.")]
    [InlineData("num_leaves", "7.5", "The hyperparameter num_leaves must be a whole number from 2 to 131072; it is '7.5'.")]
    [InlineData("learning_rate", "0", "The hyperparameter learning_rate must be a number above 0 up to 1; it is '0'.")]
    [InlineData("learning_rate", "fast", "The hyperparameter learning_rate must be a number above 0 up to 1; it is 'fast'.")]
    [InlineData("boosting", "dart", "The hyperparameter boosting must be gbdt; it is 'dart'.")]
    [InlineData("metric", "rmse", "The hyperparameter metric must be auc or binary_logloss; it is 'rmse'.")]
    public async Task A_wrong_hyperparameter_is_refused_by_name(string name, string value, string reason)
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(300));
        training.Configure("hyperparameters.json", new Dictionary<string, string> { [name] = value });

        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.StartsWith(reason, training.Failure, StringComparison.Ordinal);
        Assert.False(Directory.Exists(training.ModelFolder));
    }

    [Fact]
    public async Task Rows_of_one_label_only_are_refused()
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(300));
        OverwriteTrain(training, "SELECT * REPLACE (1::FLOAT AS __label)");

        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.Matches("^Every one of the [0-9]+ rows in the channel 'train' has the label 1: there is nothing to tell apart.$", training.Failure);
    }

    [Fact]
    public async Task A_channel_without_rows_is_refused()
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(300));
        OverwriteTrain(training, "SELECT *", "WHERE false");

        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.Equal("The channel 'train' has no rows.", training.Failure);
    }

    [Fact]
    public async Task Columns_that_are_not_the_encoders_are_refused()
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(300));
        OverwriteTrain(training, "SELECT * RENAME (gender AS sex)");

        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.Contains("age FLOAT, sex FLOAT", training.Failure, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gender")]
    [InlineData("__label")]
    public async Task A_row_without_a_value_is_refused_with_its_number_and_its_column(string column)
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(300));
        OverwriteTrain(training, $"SELECT * REPLACE (CASE WHEN row_number() OVER () <> 5 THEN {column} END AS {column})");

        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.Equal($"Row 5 has no value in '{column}'; an input that is not known is NaN or 0.", training.Failure);
    }

    [Fact]
    public async Task A_missing_channel_and_several_instances_are_refused()
    {
        using var training = await TrainingRun.PreparedAsync(TrainingRun.Sample(300));
        training.Configure("resourceconfig.json", new { current_host = "algo-1", hosts = new[] { "algo-1", "algo-2" } });
        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.Equal("The job has 2 instances; training on several is not supported yet: set ResourceConfig.InstanceCount to 1.", training.Failure);

        training.Configure("inputdataconfig.json", new { train = new { }, encoder = new { } });
        Assert.Equal(1, await training.Run.RunAsync("train"));
        Assert.Equal("The channel 'validation' is missing: the job needs the channels train, validation, encoder in InputDataConfig.", training.Failure);
    }

    private static void OverwriteTrain(TrainingRun training, string select, string where = "")
    {
        var (file, changed) = (Path.Combine(training.Channel("train"), "train.parquet"), Path.Combine(training.Run.Root, "changed"));
        StepRun.Sql($"COPY ({select} FROM read_parquet('{file}') {where}) TO '{changed}' (FORMAT parquet)");
        File.Move(changed, file, overwrite: true);
    }

    private static EncodedRows Repeat(EncodedRows rows, int times) => rows.Take([.. Enumerable.Range(0, times * rows.Count).Select(i => i % rows.Count)]);

    // How many rows reached each leaf of the first tree.
    private static string Counts(string model) => model.Split('\n').First(line => line.StartsWith("leaf_count=", StringComparison.Ordinal));

    // The parameters after the trees name seed and threads.
    private static string Trees(TrainingRun training) =>
        File.ReadAllText(Path.Combine(training.ModelFolder, "model.txt")).Split("end of trees")[0];
}
