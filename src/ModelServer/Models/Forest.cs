using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Slipway.ModelServer.Models;

/// <summary>
/// A binary classifier of boosted trees, read from LightGBM's text format (<see cref="ForestReader"/>). Predictions agree
/// with LightGBM's own to the last bit: the same comparisons, the same order of sums.
/// </summary>
public sealed class Forest
{
    // LightGBM calls a value zero within this distance: kZeroThreshold in its meta.h.
    private const double ZeroThreshold = 1e-35f;

    private readonly Node[] _nodes;
    private readonly double[] _leaves;
    private readonly int[] _roots;
    private readonly double _sigmoid;

    internal Forest(Node[] nodes, double[] leaves, int[] roots, double sigmoid, IReadOnlyList<FeatureImportance> importance)
    {
        (_nodes, _leaves, _roots, _sigmoid, Importance) = (nodes, leaves, roots, sigmoid, importance);
    }

    /// <summary>Reads a model in LightGBM's text format.</summary>
    /// <exception cref="InvalidDataException">The text is not such a model, or one of a kind that is not supported.</exception>
    public static Forest Parse(string text) => ForestReader.Read(text);

    /// <summary>The inputs by name, in order.</summary>
    public IReadOnlyList<string> InputNames => [.. Importance.Select(feature => feature.Feature)];

    /// <summary>How many trees there are.</summary>
    public int TreeCount => _roots.Length;

    /// <summary>What each input contributes, in the order of the inputs.</summary>
    public IReadOnlyList<FeatureImportance> Importance { get; }

    /// <summary>The probability of the positive label.</summary>
    /// <param name="inputs">One value an input; NaN is unknown.</param>
    /// <returns>0 to 1.</returns>
    /// <exception cref="ArgumentException">There are more or fewer values than inputs.</exception>
    public double Predict(ReadOnlySpan<float> inputs)
    {
        if (inputs.Length != Importance.Count)
        {
            throw new ArgumentException($"The model takes {Importance.Count} inputs, not {inputs.Length}.", nameof(inputs));
        }
        // Every index in the arrays was checked when they were built, and a child always comes after its parent.
        ref var nodes = ref MemoryMarshal.GetArrayDataReference(_nodes);
        ref var leaves = ref MemoryMarshal.GetArrayDataReference(_leaves);
        ref var values = ref MemoryMarshal.GetReference(inputs);
        var sum = 0.0;
        foreach (var root in _roots)
        {
            var next = root;
            while (next >= 0)
            {
                ref readonly var node = ref Unsafe.Add(ref nodes, next);
                next = GoesLeft(in node, Unsafe.Add(ref values, node.Input)) ? node.Left : node.Right;
            }
            sum += Unsafe.Add(ref leaves, ~next);
        }
        return 1 / (1 + Math.Exp(-_sigmoid * sum));
    }

    /// <summary>The probabilities of many rows.</summary>
    /// <param name="inputs">The rows one after the other.</param>
    /// <returns>One probability a row.</returns>
    public double[] PredictRows(float[] inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        const int Block = 4096;
        var width = Importance.Count;
        var scores = new double[inputs.Length / width];
        Parallel.For(0, (scores.Length + Block - 1) / Block, block =>
        {
            for (var row = block * Block; row < Math.Min(scores.Length, (block + 1) * Block); row++)
            {
                scores[row] = Predict(inputs.AsSpan(row * width, width));
            }
        });
        return scores;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool GoesLeft(in Node node, double value)
    {
        if (double.IsNaN(value))
        {
            return (node.Rules & SplitRules.UnknownGoesLeft) != SplitRules.None;
        }
        return (node.Rules & SplitRules.ZeroIsUnknown) != SplitRules.None && value is >= -ZeroThreshold and <= ZeroThreshold
            ? (node.Rules & SplitRules.UnknownGoesLeft) != SplitRules.None
            : value <= node.Threshold;
    }

    /// <summary>A split. A child that is not negative is a node, else the complement of a leaf.</summary>
    internal readonly record struct Node(double Threshold, int Left, int Right, ushort Input, SplitRules Rules);

    /// <summary>What a split does with unknown values.</summary>
    [Flags]
    internal enum SplitRules : byte
    {
        /// <summary>Unknown goes right.</summary>
        None = 0,

        /// <summary>Unknown goes left.</summary>
        UnknownGoesLeft = 1,

        /// <summary>Zero counts as unknown.</summary>
        ZeroIsUnknown = 2,
    }
}

/// <summary>What an input contributes to a model.</summary>
/// <param name="Feature">The input's name.</param>
/// <param name="Gain">The sum of the gains of its splits: how much they lowered the training loss.</param>
/// <param name="Splits">How many splits use it.</param>
public sealed record FeatureImportance(string Feature, double Gain, int Splits);
