using System.Globalization;

namespace Slipway.ModelServer.Models;

/// <summary>
/// Reads LightGBM's text format (<c>model.txt</c>, version v4, written by LightGBM 4): a head of <c>name=value</c>
/// lines, then a block a tree. Refuses what <see cref="Forest"/> can't compute exactly, by name.
/// </summary>
internal sealed class ForestReader
{
    private const int MaxInputs = ushort.MaxValue;

    private readonly List<Forest.Node> _nodes = [];
    private readonly List<double> _leaves = [];
    private readonly List<int> _roots = [];
    private readonly string[] _names;
    private readonly double[] _gains;
    private readonly int[] _splits;

    private ForestReader(string[] names) =>
        (_names, _gains, _splits) = (names, new double[names.Length], new int[names.Length]);

    /// <summary>Reads a model.</summary>
    /// <param name="text">The content of model.txt.</param>
    /// <exception cref="InvalidDataException">The text is not a LightGBM model, or one of a kind that is not supported.</exception>
    public static Forest Read(string text)
    {
        using var lines = new StringReader(text);
        if (lines.ReadLine()?.Trim() != "tree")
        {
            throw new InvalidDataException("model.txt does not begin as a LightGBM model does, with 'tree'.");
        }
        var head = new Block("the head", Members(lines, out var next));
        var sigmoid = CheckHead(head);
        var names = head.Text("feature_names").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length != head.Number("max_feature_idx") + 1 || names.Length is 0 or > MaxInputs)
        {
            throw new InvalidDataException($"model.txt names {names.Length} features, and its max_feature_idx says otherwise.");
        }
        var reader = new ForestReader(names);
        while (next is not null && next.StartsWith("Tree=", StringComparison.Ordinal))
        {
            reader.AddTree(new Block(next, Members(lines, out next)));
        }
        if (next != "end of trees" || reader._roots.Count == 0)
        {
            throw new InvalidDataException($"model.txt ends after {reader._roots.Count} trees without 'end of trees': it is cut off.");
        }
        return new Forest([.. reader._nodes], [.. reader._leaves], [.. reader._roots], sigmoid,
            [.. names.Select((name, i) => new FeatureImportance(name, reader._gains[i], reader._splits[i]))]);
    }

    private static Dictionary<string, string> Members(StringReader lines, out string? next)
    {
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        while ((next = lines.ReadLine()?.TrimEnd()) is not null
            && !next.StartsWith("Tree=", StringComparison.Ordinal) && next != "end of trees")
        {
            var equals = next.IndexOf('=', StringComparison.Ordinal);
            // A line without a value is a flag, for example average_output.
            members[equals < 0 ? next : next[..equals]] = equals < 0 ? "" : next[(equals + 1)..];
        }
        return members;
    }

    private static double CheckHead(Block head)
    {
        if (head.Text("version") is not ("v3" or "v4"))
        {
            throw new InvalidDataException($"model.txt is of LightGBM's format {head.Text("version")}; v3 and v4 are supported.");
        }
        if (head.Number("num_class") != 1 || head.Number("num_tree_per_iteration") != 1)
        {
            throw NotSupported("several classes (num_class)");
        }
        if (head.Has("average_output"))
        {
            throw NotSupported("random forests (average_output)");
        }
        var objective = head.Text("objective").Split(' ');
        if (objective[0] != "binary")
        {
            throw NotSupported($"the objective '{objective[0]}'; only 'binary' is");
        }
        var sigmoid = objective.FirstOrDefault(part => part.StartsWith("sigmoid:", StringComparison.Ordinal));
        return sigmoid is null ? 1 : Parse("objective", sigmoid.AsSpan("sigmoid:".Length));
    }

    private void AddTree(Block tree)
    {
        if (tree.Has("is_linear") && tree.Number("is_linear") != 0)
        {
            throw NotSupported("linear trees (linear_tree)");
        }
        if (tree.Number("num_cat") != 0)
        {
            throw NotSupported("categorical splits (categorical_feature)");
        }
        var leaves = tree.Whole("num_leaves");
        if (leaves < 1)
        {
            throw new InvalidDataException($"model.txt, {tree.Name}: num_leaves is {leaves}.");
        }
        var (firstNode, firstLeaf, splits) = (_nodes.Count, _leaves.Count, leaves - 1);
        _leaves.AddRange(tree.Numbers("leaf_value", leaves));
        _roots.Add(splits == 0 ? ~firstLeaf : firstNode);
        if (splits == 0)
        {
            return;
        }
        var (inputs, thresholds, types) = (tree.Numbers("split_feature", splits), tree.Numbers("threshold", splits), tree.Numbers("decision_type", splits));
        var (lefts, rights, gains) = (tree.Numbers("left_child", splits), tree.Numbers("right_child", splits), tree.Numbers("split_gain", splits));
        for (var i = 0; i < splits; i++)
        {
            var input = tree.Index("split_feature", inputs[i], 0, _names.Length - 1);
            _nodes.Add(new Forest.Node(thresholds[i], Child(tree, lefts[i], i, leaves, firstNode, firstLeaf),
                Child(tree, rights[i], i, leaves, firstNode, firstLeaf), (ushort)input, Rules(tree, types[i], thresholds[i])));
            _gains[input] += gains[i];
            _splits[input]++;
        }
    }

    // LightGBM numbers a split's children after it; a file that doesn't might never end.
    private static int Child(Block tree, double child, int parent, int leaves, int firstNode, int firstLeaf) =>
        child < 0
            ? ~(firstLeaf + ~tree.Index("left_child or right_child", child, -leaves, -1))
            : firstNode + tree.Index("left_child or right_child", child, parent + 1, leaves - 2);

    // decision_type: bit 0 categorical, bit 1 unknown goes left, bits 2 and 3 what is unknown (0 nothing, 1 zero, 2 NaN).
    private static Forest.SplitRules Rules(Block tree, double decisionType, double threshold)
    {
        var type = tree.Index("decision_type", decisionType, 0, 15);
        if ((type & 1) != 0)
        {
            throw NotSupported("categorical splits (categorical_feature)");
        }
        var left = (type & 2) != 0 ? Forest.SplitRules.UnknownGoesLeft : Forest.SplitRules.None;
        return (type >> 2) switch
        {
            // Where NaN was not expected, LightGBM takes it for zero.
            0 => 0 <= threshold ? Forest.SplitRules.UnknownGoesLeft : Forest.SplitRules.None,
            1 => left | Forest.SplitRules.ZeroIsUnknown,
            2 => left,
            _ => throw new InvalidDataException($"model.txt, {tree.Name}: decision_type {type} is unknown."),
        };
    }

    private static InvalidDataException NotSupported(string what) =>
        new($"model.txt uses {what}: the model server does not support that.");

    private static double Parse(string member, ReadOnlySpan<char> text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && !double.IsNaN(value)
            ? value : throw new InvalidDataException($"model.txt: '{(text.Length > 40 ? text[..40] : text)}' in {member} is not a number."),
    };

    /// <summary>The members of the head or of one tree.</summary>
    private readonly record struct Block(string Name, Dictionary<string, string> Members)
    {
        public bool Has(string member) => Members.ContainsKey(member);

        public string Text(string member) => Members.TryGetValue(member, out var text)
            ? text : throw new InvalidDataException($"model.txt, {Name}: {member} is missing.");

        public double Number(string member) => Parse(member, Text(member));

        public int Whole(string member) => Index(member, Number(member), int.MinValue, int.MaxValue);

        public double[] Numbers(string member, int count)
        {
            var text = Text(member).AsSpan().Trim();
            // Counted before anything of that size is made: the count comes from the file as well.
            if (text.Count(' ') != count - 1)
            {
                throw new InvalidDataException($"model.txt, {Name}: {member} has {(text.IsEmpty ? 0 : text.Count(' ') + 1)} values and not {count}.");
            }
            var numbers = new double[count];
            var i = 0;
            foreach (var part in text.Split(' '))
            {
                numbers[i++] = Parse(member, text[part]);
            }
            return numbers;
        }

        public int Index(string member, double value, int min, int max) => value >= min && value <= max && value == Math.Floor(value)
            ? (int)value : throw new InvalidDataException($"model.txt, {Name}: {value} in {member} is not a whole number from {min} to {max}.");
    }
}
