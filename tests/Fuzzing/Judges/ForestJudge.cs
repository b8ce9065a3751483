using System.Globalization;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>
/// Walks LightGBM's model text in the plainest way, where nothing is read beyond its array: the model server's own reader
/// checks every index once, and its predictions check none.
/// </summary>
internal sealed class ForestJudge
{
    private const double Zero = 1e-35f;
    private readonly List<Dictionary<string, string>> _trees = [];
    private readonly double _sigmoid;

    /// <param name="text">A model that the reader has taken.</param>
    public ForestJudge(string text)
    {
        Dictionary<string, string> head = [], members = head;
        using var lines = new StringReader(text);
        while (lines.ReadLine()?.TrimEnd() is { } line && line != "end of trees")
        {
            if (line.StartsWith("Tree=", StringComparison.Ordinal))
            {
                _trees.Add(members = []);
            }

            var pair = line.Split('=', 2);
            members[pair[0]] = pair.Length > 1 ? pair[1] : "";
        }

        var sigmoid = head["objective"].Split(' ').FirstOrDefault(p => p.StartsWith("sigmoid:", StringComparison.Ordinal));
        _sigmoid = sigmoid is null ? 1 : Number(sigmoid["sigmoid:".Length..]);
        var inputs = head["feature_names"].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        foreach (var tree in _trees)
        {
            Check(tree, inputs);
        }
    }

    /// <summary>The probability of a row.</summary>
    public double Predict(float[] row) => 1 / (1 + Math.Exp(-_sigmoid * _trees.Aggregate(0.0, (sum, tree) => sum + Leaf(tree, row))));

    /// <summary>Checks that every index of a tree is that of a node, a leaf or an input.</summary>
    private static void Check(Dictionary<string, string> tree, int inputs)
    {
        var leaves = (int)Number(tree["num_leaves"]);
        Assert.Equal(leaves, Numbers(tree, "leaf_value").Length);
        if (leaves > 1)
        {
            Assert.All(Numbers(tree, "split_feature"), f => Assert.True(f >= 0 && f < inputs && f == Math.Floor(f), $"split_feature {f}"));
            Assert.All(Numbers(tree, "left_child").Concat(Numbers(tree, "right_child")), c => Assert.True(c >= -leaves && c < leaves - 1 && c == Math.Floor(c), $"child {c}"));
            Assert.All(new[] { "split_feature", "threshold", "decision_type", "left_child", "right_child" }, n => Assert.Equal(leaves - 1, Numbers(tree, n).Length));
        }
    }

    private static double Leaf(Dictionary<string, string> tree, float[] row)
    {
        var values = Numbers(tree, "leaf_value");
        if (values.Length == 1)
        {
            return values[0];
        }

        var (inputs, thresholds, types) = (Numbers(tree, "split_feature"), Numbers(tree, "threshold"), Numbers(tree, "decision_type"));
        var (lefts, rights) = (Numbers(tree, "left_child"), Numbers(tree, "right_child"));
        var node = 0;
        for (var steps = 0; node >= 0; steps++)
        {
            Assert.True(steps < values.Length, "a tree whose nodes lead in a circle");
            var isLeft = GoesLeft(row[(int)inputs[node]], thresholds[node], (int)types[node]);
            node = (int)(isLeft ? lefts[node] : rights[node]);
        }

        return values[-node - 1];
    }

    // bit 1: what is unknown goes left; bits 2 and 3: unknown is nothing, zero too, NaN
    private static bool GoesLeft(double value, double threshold, int type) => (type >> 2) switch
    {
        0 => (double.IsNaN(value) ? 0 : value) <= threshold,
        1 when double.IsNaN(value) || Math.Abs(value) <= Zero => (type & 2) != 0,
        2 when double.IsNaN(value) => (type & 2) != 0,
        _ => value <= threshold,
    };

    private static double[] Numbers(Dictionary<string, string> tree, string name) => [.. tree[name].Trim().Split(' ').Select(Number)];

    private static double Number(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
    };
}
