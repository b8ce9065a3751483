using Slipway.Steps.Evaluate;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class RankingTests
{
    [Fact]
    public void The_area_is_how_often_a_positive_row_scores_above_a_negative_one_ties_counting_half()
    {
        var random = new Random(7);
        // few different scores, so that many rows tie; some below zero, and both zeros
        var scores = Enumerable.Range(0, 700).Select(_ => random.Next(-20, 20) / 8.0).Append(0.0).Append(-0.0).ToArray();
        var labels = scores.Select(_ => (float)random.Next(2)).ToArray();

        var pairs = from p in Enumerable.Range(0, scores.Length)
                    where labels[p] != 0
                    from n in Enumerable.Range(0, scores.Length)
                    where labels[n] == 0
                    select scores[p] > scores[n] ? 1 : scores[p] == scores[n] ? 0.5 : 0;
        Assert.Equal(pairs.Average(), Ranking.Auc(scores, labels), tolerance: 1e-12);
        Assert.True(double.IsNaN(Ranking.Auc([0.1, 0.2], [1, 1])));
    }

    [Fact]
    public void Blocks_go_from_the_highest_score_down_and_hold_every_row_once()
    {
        var random = new Random(8);
        var scores = Enumerable.Range(0, 5000).Select(i => i % 3 == 0 ? 0.5 : (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300))).ToArray();
        var labels = scores.Select(_ => (float)random.Next(2)).ToArray();

        var ranking = Ranking.Of(scores, labels);

        Assert.Equal(scores.Distinct().OrderDescending(), ranking.Blocks.Select(b => b.Score));
        Assert.All(ranking.Blocks.Take(50), b => Assert.Equal(
            (b.Positives, b.Negatives), (scores.Where((s, i) => s == b.Score && labels[i] != 0).Count(), scores.Where((s, i) => s == b.Score && labels[i] == 0).Count())));
        Assert.Equal((ranking.Positives, ranking.Negatives), (ranking.Blocks.Sum(b => (long)b.Positives), ranking.Blocks.Sum(b => (long)b.Negatives)));
    }
}
