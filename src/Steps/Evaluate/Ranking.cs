using System.Buffers;

namespace Slipway.Steps.Evaluate;

/// <summary>Rows of equal score.</summary>
/// <param name="Score">The score.</param>
/// <param name="Positives">Rows with label 1.</param>
/// <param name="Negatives">Rows with label 0.</param>
internal readonly record struct ScoreBlock(double Score, int Positives, int Negatives);

/// <summary>Scored rows from the highest score down, rows of equal score together: what ROC, AUC and precision–recall need.</summary>
internal sealed class Ranking
{
    private Ranking(List<ScoreBlock> blocks, long positives, long negatives) =>
        (Blocks, Positives, Negatives) = (blocks, positives, negatives);

    /// <summary>The blocks, highest score first.</summary>
    public IReadOnlyList<ScoreBlock> Blocks { get; }

    /// <summary>Rows with label 1.</summary>
    public long Positives { get; }

    /// <summary>Rows with label 0.</summary>
    public long Negatives { get; }

    /// <summary>Ranks rows.</summary>
    public static Ranking Of(double[] scores, float[] labels) => Sorted(scores, labels, (positives, negatives) =>
    {
        var blocks = new List<ScoreBlock>();
        var descent = new Descent(positives, negatives);
        while (descent.Next(out var block))
        {
            blocks.Add(block);
        }
        return new Ranking(blocks, positives.Length, negatives.Length);
    });

    /// <summary>
    /// The area under the ROC curve: how often a positive row scores above a negative one, ties counting half. NaN where
    /// a label does not occur.
    /// </summary>
    public static double Auc(double[] scores, float[] labels) => Sorted(scores, labels, (positives, negatives) =>
    {
        double area = 0, above = 0;
        var descent = new Descent(positives, negatives);
        while (descent.Next(out var block))
        {
            area += block.Negatives * (above + (block.Positives / 2.0));
            above += block.Positives;
        }
        return positives.IsEmpty || negatives.IsEmpty ? double.NaN : area / ((double)positives.Length * negatives.Length);
    });

    private delegate T Ranked<out T>(ReadOnlySpan<ulong> positives, ReadOnlySpan<ulong> negatives);

    // The keys of rows with label 1 stand first, those of label 0 after them.
    private static T Sorted<T>(double[] scores, float[] labels, Ranked<T> take)
    {
        var rented = ArrayPool<ulong>.Shared.Rent(scores.Length);
        var (positives, negatives) = (0, scores.Length);
        for (var i = 0; i < scores.Length; i++)
        {
            rented[labels[i] != 0 ? positives++ : --negatives] = RadixSort.Key(scores[i]);
        }
        var ones = rented.AsSpan(0, positives);
        var zeros = rented.AsSpan(positives, scores.Length - positives);
        RadixSort.Sort(ones);
        RadixSort.Sort(zeros);
        var taken = take(ones, zeros);
        ArrayPool<ulong>.Shared.Return(rented);
        return taken;
    }

    /// <summary>Goes through sorted keys of both labels at once, from the highest down.</summary>
    private ref struct Descent(ReadOnlySpan<ulong> positives, ReadOnlySpan<ulong> negatives)
    {
        private ReadOnlySpan<ulong> _positives = positives;
        private ReadOnlySpan<ulong> _negatives = negatives;

        public bool Next(out ScoreBlock block)
        {
            block = default;
            if (_positives.IsEmpty && _negatives.IsEmpty)
            {
                return false;
            }
            var highest = _positives.IsEmpty ? _negatives[^1] : _negatives.IsEmpty ? _positives[^1] : Math.Max(_positives[^1], _negatives[^1]);
            block = new ScoreBlock(RadixSort.Score(highest), Take(ref _positives, highest), Take(ref _negatives, highest));
            return true;
        }

        private static int Take(ref ReadOnlySpan<ulong> keys, ulong key)
        {
            var left = keys.Length;
            while (left > 0 && keys[left - 1] == key)
            {
                left--;
            }
            var taken = keys.Length - left;
            keys = keys[..left];
            return taken;
        }
    }
}
