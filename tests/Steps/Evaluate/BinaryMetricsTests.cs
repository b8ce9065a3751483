using System.Globalization;
using Slipway.Steps.Evaluate;
using Slipway.Tests.Clients;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class BinaryMetricsTests
{
    [Fact]
    public void Metrics_of_four_rows_are_those_of_the_definitions()
    {
        var metrics = BinaryMetrics.Of([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1], cut: 0.4);

        Assert.Equal(0.75, metrics.Auc);
        Assert.Equal(-(Math.Log(0.9) + Math.Log(0.6) + Math.Log(0.35) + Math.Log(0.8)) / 4, metrics.LogLoss, tolerance: 1e-12);
        Assert.Equal((0.01 + 0.16 + (0.65 * 0.65) + 0.04) / 4, metrics.Brier, tolerance: 1e-12);
        Assert.Equal((0.1 + 0.4 + 0.65 + 0.2) / 4, metrics.CalibrationError, tolerance: 1e-12);
        Assert.Equal((1, 1, 1, 1), (metrics.TruePositives, metrics.FalsePositives, metrics.TrueNegatives, metrics.FalseNegatives));
        Assert.Equal((0.5, 0.5, 0.5, 0.5), (metrics.Precision, metrics.Recall, metrics.F1, metrics.Accuracy));
    }

    [Theory]
    [InlineData(new[] { 0.5, 0.5, 0.5 }, new float[] { 0, 1, 0 }, 0.5)]
    [InlineData(new[] { 0.9, 0.1 }, new float[] { 0, 1 }, 0.0)]
    [InlineData(new[] { 0.1, 0.2, 0.2, 0.3 }, new float[] { 0, 0, 1, 1 }, 0.875)]
    [InlineData(new[] { 0.1, 0.2 }, new float[] { 1, 1 }, null)]
    public void Ties_count_half_and_one_label_gives_no_AUC(double[] scores, float[] labels, double? auc) =>
        Assert.Equal(auc, BinaryMetrics.Of(scores, labels, 0.5).Auc);

    [Fact]
    public void A_certain_mistake_costs_much_but_not_everything() =>
        Assert.Equal(-Math.Log(1e-15), BinaryMetrics.Of([0.0, 1.0], [1, 0], 0.5).LogLoss, tolerance: 1e-9);

    [Fact]
    public void The_cut_lies_where_the_rates_differ_most()
    {
        var (cut, _) = CutChoice.Choose([0.1, 0.2, 0.3, 0.6, 0.7, 0.9], [0, 1, 0, 0, 1, 1]);

        Assert.Equal(0.65, cut, tolerance: 1e-12);
        Assert.Equal(0.5, CutChoice.Choose([0.4, 0.4], [0, 1]).Cut);
    }

    [Fact]
    public void The_interval_is_seeded_holds_the_value_and_is_wider_for_groups()
    {
        var (scores, labels, groups) = Rows(2000, perGroup: 10);
        var auc = Ranking.Auc(scores, labels);
        var alone = Enumerable.Repeat(-1, scores.Length).ToArray();

        var (byRow, rowDeviation) = AucInterval.Of(scores, labels, alone, seed: 1);
        var (byGroup, _) = AucInterval.Of(scores, labels, groups, seed: 1);

        Assert.Equal(byRow, AucInterval.Of(scores, labels, alone, seed: 1).Interval);
        Assert.NotEqual(byRow, AucInterval.Of(scores, labels, alone, seed: 2).Interval);
        Assert.InRange(auc, byRow.Low, byRow.High);
        // Hanley and McNeil 1982 give the standard error that independent rows have.
        Assert.Equal(HanleyMcNeil(auc, labels.Count(l => l == 1), labels.Count(l => l == 0)), rowDeviation, tolerance: 0.1 * rowDeviation);
        // 95% of a normal distribution lie within 1.96 deviations
        Assert.Equal(auc - (1.96 * rowDeviation), byRow.Low, tolerance: 0.3 * rowDeviation);
        Assert.Equal(auc + (1.96 * rowDeviation), byRow.High, tolerance: 0.3 * rowDeviation);
        Assert.True(byGroup.High - byGroup.Low > 1.5 * (byRow.High - byRow.Low));
        Assert.Equal(("bootstrap over rows", "bootstrap over groups"), (byRow.Method, byGroup.Method));
    }

    [Fact]
    public void The_interval_of_a_part_is_that_of_its_rows_by_themselves_but_for_chance()
    {
        var (scores, labels, groups) = Rows(2000, perGroup: 4);
        int[] part = [.. Enumerable.Range(0, scores.Length).Where(row => row % 3 == 0)];
        int[] oneLabel = [.. part.Where(row => labels[row] == 1)];

        var found = AucInterval.OfAllAnd([part, oneLabel], scores, labels, groups, seed: 1);

        var alone = AucInterval.Of([.. part.Select(row => scores[row])], [.. part.Select(row => labels[row])], [.. part.Select(row => groups[row])], seed: 2);
        var width = alone.Interval.High - alone.Interval.Low;
        Assert.Equal(AucInterval.Of(scores, labels, groups, seed: 1), found[0]);
        Assert.Equal(alone.Interval.Low, found[1]!.Value.Interval.Low, tolerance: 0.1 * width);
        Assert.Equal(alone.Interval.High, found[1]!.Value.Interval.High, tolerance: 0.1 * width);
        Assert.Equal(alone.StandardDeviation, found[1]!.Value.StandardDeviation, tolerance: 0.1 * alone.StandardDeviation);
        Assert.Null(found[2]);
    }

    [Fact]
    public async Task Metrics_are_those_of_scikit_learn()
    {
        var python = Command.Find("python3");
        Assert.SkipWhen(python is null, "python3 is not on this machine");
        var probe = await Command.Run(python!, ["-c", "import sklearn"], new Dictionary<string, string>());
        Assert.SkipUnless(probe.ExitCode == 0, "scikit-learn is not installed for python3");
        var (scores, labels, _) = Rows(500, perGroup: 1);
        var script = $"""
            from sklearn.metrics import roc_auc_score, log_loss, brier_score_loss, f1_score
            y=[{string.Join(',', labels)}]; s=[{string.Join(',', scores.Select(v => v.ToString("R", CultureInfo.InvariantCulture)))}]
            print(roc_auc_score(y,s), log_loss(y,s), brier_score_loss(y,s), f1_score(y,[v>=0.5 for v in s]))
            """;

        var answer = await Command.Run(python!, ["-c", script], new Dictionary<string, string>());

        Assert.True(answer.ExitCode == 0, answer.ToString());
        var theirs = answer.Output.Split(' ').Select(double.Parse).ToArray();
        var ours = BinaryMetrics.Of(scores, labels, 0.5);
        Assert.Equal(theirs[0], ours.Auc!.Value, tolerance: 1e-9);
        Assert.Equal(theirs[1], ours.LogLoss, tolerance: 1e-9);
        Assert.Equal(theirs[2], ours.Brier, tolerance: 1e-9);
        Assert.Equal(theirs[3], ours.F1, tolerance: 1e-9);
    }

    private static double HanleyMcNeil(double auc, int positives, int negatives)
    {
        var (q1, q2) = (auc / (2 - auc), 2 * auc * auc / (1 + auc));
        return Math.Sqrt(((auc * (1 - auc)) + ((positives - 1) * (q1 - (auc * auc))) + ((negatives - 1) * (q2 - (auc * auc)))) / ((double)positives * negatives));
    }

    private static (double[] Scores, float[] Labels, int[] Groups) Rows(int count, int perGroup)
    {
        var random = new Random(5);
        var groups = Enumerable.Range(0, count).Select(row => row / perGroup).ToArray();
        var ofGroup = Enumerable.Range(0, (count / perGroup) + 1).Select(_ => (Label: random.Next(2), Score: random.NextDouble())).ToArray();
        return ([.. groups.Select(g => Math.Clamp((0.25 * ofGroup[g].Label) + (0.6 * ofGroup[g].Score) + (0.15 * random.NextDouble()), 0, 1))],
            [.. groups.Select(g => (float)ofGroup[g].Label)], groups);
    }
}
