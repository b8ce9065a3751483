using System.Globalization;

namespace Slipway.Steps.Train;

/// <summary>One hyperparameter: its name, its type and range, and what it is where a job doesn't say.</summary>
/// <param name="Name">SageMaker's name, which is LightGBM's too unless <paramref name="IsOurs"/>.</param>
/// <param name="Default">The value where none is given.</param>
/// <param name="Min">The smallest value; NaN where it is one of <paramref name="Words"/>.</param>
/// <param name="Max">The greatest value.</param>
/// <param name="IsWhole">Whole numbers only.</param>
/// <param name="MinIsOut">The smallest value itself is not allowed.</param>
/// <param name="Words">The values of one that is a word; null for a number.</param>
/// <param name="IsOurs">The trainer acts on it, and LightGBM does not see it.</param>
internal sealed record Hyperparameter(
    string Name, string Default, double Min, double Max, bool IsWhole = false, bool MinIsOut = false,
    IReadOnlyList<string>? Words = null, bool IsOurs = false)
{
    /// <summary>Every hyperparameter. Defaults suit some ten thousand rows; larger data stands more leaves.</summary>
    public static IReadOnlyList<Hyperparameter> All { get; } =
    [
        Whole("num_boost_round", "500", 1, 100_000) with { IsOurs = true },
        Whole("early_stopping_rounds", "30", 0, 100_000) with { IsOurs = true },
        OneOf("metric", "auc", "auc", "binary_logloss") with { IsOurs = true },
        Number("learning_rate", "0.1", 0, 1) with { MinIsOut = true },
        Whole("num_leaves", "15", 2, 131_072),
        Whole("max_depth", "-1", -1, 1_000),
        Whole("min_data_in_leaf", "20", 1, int.MaxValue),
        Number("feature_fraction", "0.9", 0, 1) with { MinIsOut = true },
        Number("feature_fraction_bynode", "1", 0, 1) with { MinIsOut = true },
        Number("bagging_fraction", "1", 0, 1) with { MinIsOut = true },
        Whole("bagging_freq", "1", 0, 100_000),
        Number("lambda_l1", "0", 0, 1e6),
        Number("lambda_l2", "0", 0, 1e6),
        Number("max_delta_step", "0", 0, 1e6),
        Number("min_gain_to_split", "0", 0, 1e6),
        Whole("max_bin", "255", 2, 65_535),
        Number("scale_pos_weight", "1", 0, 1e6) with { MinIsOut = true },
        OneOf("is_unbalance", "False", "False", "True"),
        Whole("seed", "42", 0, int.MaxValue),
        Whole("num_threads", "0", 0, 1_024) with { IsOurs = true },
        OneOf("boosting", "gbdt", "gbdt"),
        OneOf("tree_learner", "serial", "serial"),
    ];

    /// <summary>Brings a value to its one spelling.</summary>
    /// <returns>Null where it is not allowed.</returns>
    public string? Normalise(string value)
    {
        if (Words is not null)
        {
            return Words.FirstOrDefault(word => word.Equals(value, StringComparison.OrdinalIgnoreCase));
        }
        return double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number >= Min && number <= Max && !(MinIsOut && number == Min) && (!IsWhole || number == Math.Floor(number))
            ? number.ToString("R", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The allowed values, in words.</summary>
    public string Allowed => Words is not null ? string.Join(" or ", Words)
        : $"a {(IsWhole ? "whole number" : "number")} {(MinIsOut ? "above" : "from")} {Text(Min)} {(MinIsOut ? "up to" : "to")} {Text(Max)}";

    private static string Text(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);

    private static Hyperparameter Whole(string name, string value, double min, double max) => new(name, value, min, max, IsWhole: true);

    private static Hyperparameter Number(string name, string value, double min, double max) => new(name, value, min, max);

    private static Hyperparameter OneOf(string name, string value, params string[] words) => new(name, value, double.NaN, double.NaN, Words: words);
}
