using Slipway.Steps.Preprocess;
using Slipway.Steps.Rows;
using Slipway.Steps.Train;
using Slipway.Workflow.Pipelines;

namespace Slipway.Steps.Evaluate;

/// <summary>
/// Where groups repeat, trains once more on the other split (at random where the rows were split by group, by group
/// where they were not): what a model gains from having met a row's group is leakage, not skill.
/// </summary>
internal sealed class LeakageProbe(SplitReport split, Hyperparameters hyperparameters)
{
    /// <summary>The rows of a sample that the other split is tried on.</summary>
    public const int MostRows = 200_000;

    // One split of few rows says little by itself: the mean of several is given.
    private const int FewRows = 20_000;
    private const int SplitsOfFewRows = 3;

    // Below this a difference is of no use to anyone, however sure it is.
    private const double WorthTelling = 0.02;

    /// <summary>Looks for leakage.</summary>
    /// <param name="all">Gives every row, train, validation and test; not asked where no group repeats.</param>
    /// <param name="auc">The model's AUC on the test rows.</param>
    /// <param name="interval">Its interval.</param>
    /// <param name="cancellation">Ends the training.</param>
    public LeakageResult Run(Func<ProbeRows> all, double auc, AucInterval interval, CancellationToken cancellation)
    {
        var counts = split.Leakage;
        var byGroup = split.Strategy == "group";
        double? other = counts.RepeatingGroups > 0 ? MeanAuc(all(), random: byGroup, cancellation) : null;
        var (grouped, random) = byGroup ? (auc, other) : (other, (double?)auc);
        var differs = Differs(grouped, random, other, interval);
        var detected = differs || counts.CopiesAcrossSplit > 0;
        var (words, metadata) = !detected ? ("", Evaluation.None) : !differs ? Copies() : byGroup ? Prevented(auc, other!.Value, interval) : Present(auc, other!.Value);
        return new LeakageResult(detected, split.Strategy, counts.ExactCopies, counts.CopiesAcrossSplit, counts.RepeatingGroups,
            counts.RepeatingGroups > 0 ? grouped : null, counts.RepeatingGroups > 0 ? random : null, words, metadata);
    }

    /// <summary>Whether a random split flatters the model, by more than is worth telling and than chance explains.</summary>
    /// <param name="grouped">The AUC of a split by group, or null where it is not known.</param>
    /// <param name="random">The AUC of a split at random, or null where it is not known.</param>
    /// <param name="other">That of the two which is not the model's own.</param>
    /// <param name="interval">The interval of the model's own.</param>
    internal static bool Differs(double? grouped, double? random, double? other, AucInterval interval) =>
        random - grouped > WorthTelling && (other > interval.High || other < interval.Low);

    private double? MeanAuc(ProbeRows all, bool random, CancellationToken cancellation)
    {
        var aucs = Enumerable.Range(0, all.Count <= FewRows ? SplitsOfFewRows : 1)
            .Select(repeat => Train(all, random, unchecked(split.Seed + repeat), cancellation)).ToList();
        return aucs.Average();
    }

    private double? Train(ProbeRows all, bool random, int seed, CancellationToken cancellation)
    {
        var shuffle = new Random(seed);
        var rows = all.Sample(shuffle);
        var parts = random ? AtRandom(rows.Count, shuffle) : ByGroup(rows);
        var (train, validation, test) = (rows.Take(parts[0]), rows.Take(parts[1]), rows.Take(parts[2]));
        // Too few rows of a label to learn from or to judge by: nothing can be said.
        if (new[] { train, validation, test }.Any(part => part.Positives == 0 || part.Positives == part.Count))
        {
            return null;
        }
        var trained = Trainer.Run(hyperparameters, train, validation, progress: null, cancellation);
        return Ranking.Auc(trained.Forest.PredictRows(test.Inputs), test.Labels);
    }

    private int[][] AtRandom(int count, Random shuffle)
    {
        var shuffled = Enumerable.Range(0, count).ToArray();
        shuffle.Shuffle(shuffled);
        var (first, second) = Ends(count);
        return [shuffled[..first], shuffled[first..second], shuffled[second..]];
    }

    // The sample's groups are in random order already; an end inside a group moves to the group's end.
    private int[][] ByGroup(EncodedRows rows)
    {
        var (first, second) = Ends(rows.Count);
        int End(int end)
        {
            while (end > 0 && end < rows.Count && rows.Groups[end] == rows.Groups[end - 1])
            {
                end++;
            }
            return end;
        }
        (first, second) = (End(first), End(Math.Max(second, End(first))));
        var array = Enumerable.Range(0, rows.Count).ToArray();
        return [array[..first], array[first..second], array[second..]];
    }

    private (int First, int Second) Ends(int count) =>
        ((int)(count * split.Shares["train"]), (int)(count * (split.Shares["train"] + split.Shares["validation"])));

    private (string, string) Copies() => (
        $"{split.Leakage.CopiesAcrossSplit:N0} of the held-out rows are exact copies of rows that were trained on: the AUC flatters the model by what it remembers of them.",
        $"{split.Leakage.CopiesAcrossSplit} held-out rows are exact copies of rows trained on");

    private (string, string) Prevented(double grouped, double random, AucInterval interval) => (
        FormattableString.Invariant($"{split.Leakage.RepeatingGroups:N0} of {split.Leakage.Groups:N0} values of {split.GroupColumn} repeat and {split.Leakage.ExactCopies:N0} {(split.Leakage.ExactCopies == 1 ? "row is an exact copy" : "rows are exact copies")} of another row.{OneLabel()} ")
        + FormattableString.Invariant($"Had the rows been split at random, the same hyperparameters would have scored AUC {random:F3}; with all rows of one {split.GroupColumn} kept on one side of the split the model scores {grouped:F3} (95% interval {interval.Low:F3} to {interval.High:F3}). ")
        + $"The difference is leakage: in a random split the model recognises each {split.GroupColumn} that it was trained on instead of predicting. For one that it has not met, expect the lower figure.",
        FormattableString.Invariant($"a random split would score AUC {random:F3} by leakage and a split by {split.GroupColumn} scores {grouped:F3}. {split.Leakage.ExactCopies} exact copies. {split.Leakage.RepeatingGroups} repeating values"));

    private (string, string) Present(double random, double grouped) => (
        FormattableString.Invariant($"The split was {(split.Strategy == "time" ? "by time" : "at random")} although values of {split.GroupColumn} repeat: {split.Leakage.RowsOfGroupsAcrossSplit:N0} held-out rows have one that was trained on, and {split.Leakage.CopiesAcrossSplit:N0} are exact copies of rows that were trained on ({split.Leakage.ExactCopies:N0} copies in all).{OneLabel()} ")
        + FormattableString.Invariant($"With all rows of one {split.GroupColumn} kept on one side of the split the same hyperparameters score AUC {grouped:F3}, not {random:F3}. ")
        + $"The difference is leakage: the model recognises each {split.GroupColumn} that it was trained on instead of predicting. For one that it has not met, expect the lower figure.",
        FormattableString.Invariant($"AUC {random:F3} holds leakage: a split by {split.GroupColumn} scores {grouped:F3}. {split.Leakage.ExactCopies} exact copies. {split.Leakage.RowsOfGroupsAcrossSplit} held-out rows of values trained on"));

    private string OneLabel() => split.Leakage.RepeatingGroupsOfOneLabel == split.Leakage.RepeatingGroups
        ? $" Every repeating value of {split.GroupColumn} has the same label in all its rows." : "";
}
