using System.Globalization;
using Slipway.Steps.StepHost;

namespace Slipway.Steps.Train;

/// <summary>The hyperparameters of a training, all of them, checked.</summary>
internal sealed class Hyperparameters
{
    // On fewer rows threads wait for each other longer than they work, much longer where the machine is busy.
    private const int RowsForThreads = 50_000;

    private readonly SortedDictionary<string, string> _values;

    private Hyperparameters(SortedDictionary<string, string> values) => _values = values;

    /// <summary>Every hyperparameter by SageMaker's name.</summary>
    public IReadOnlyDictionary<string, string> Values => _values;

    /// <summary>The most trees.</summary>
    public int Rounds => Whole("num_boost_round");

    /// <summary>The rounds without a better validation metric after which the training ends; 0: never.</summary>
    public int EarlyStoppingRounds => Whole("early_stopping_rounds");

    /// <summary>True where the log loss decides when to stop, not the AUC.</summary>
    public bool StopsByLogLoss => _values["metric"] == "binary_logloss";

    /// <summary>The seed of all sampling.</summary>
    public int Seed => Whole("seed");

    /// <summary>
    /// True where a row that weighs five is as good as five equal rows: nothing draws rows, and no label's weight follows
    /// from how many rows have it.
    /// </summary>
    public bool TakesWeights => (_values["bagging_fraction"] == "1" || _values["bagging_freq"] == "0") && _values["is_unbalance"] == "False";

    /// <summary>Checks the hyperparameters of a job and adds the defaults of those that it doesn't give.</summary>
    /// <exception cref="StepFailedException">Names everything that is unknown or not allowed.</exception>
    public static Hyperparameters Read(IReadOnlyDictionary<string, string> given)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var problems = given.Keys.Where(name => Hyperparameter.All.All(known => known.Name != name)).Order(StringComparer.Ordinal)
            .Select(name => $"There is no hyperparameter '{name}'; there are {string.Join(", ", Hyperparameter.All.Select(known => known.Name))}.").ToList();
        foreach (var known in Hyperparameter.All)
        {
            var value = given.GetValueOrDefault(known.Name, known.Default).Trim();
            values[known.Name] = known.Normalise(value) ?? "";
            if (values[known.Name].Length == 0)
            {
                problems.Add($"The hyperparameter {known.Name} must be {known.Allowed}; it is '{value}'.");
            }
        }
        if (values["is_unbalance"] == "True" && values["scale_pos_weight"] != "1")
        {
            problems.Add("is_unbalance and scale_pos_weight both weigh the labels: give one of them.");
        }
        return problems.Count == 0 ? new Hyperparameters(values) : throw new StepFailedException(string.Join(' ', problems));
    }

    /// <summary>
    /// LightGBM's parameters, each once. Same rows and same parameters give the same model: <c>deterministic</c> with one
    /// fixed way of building histograms, as LightGBM's documentation of that parameter asks.
    /// </summary>
    /// <param name="rows">How many rows there are to train on.</param>
    /// <param name="held">How many LightGBM gets: fewer where some weigh more than one.</param>
    public string ToLightGbm(int rows, int held)
    {
        // LightGBM counts the rows that it holds, whatever they weigh, and keeps the first of a parameter that it is given twice.
        var weighted = held == rows ? "" : $"min_data_in_bin=1 min_data_in_leaf={Math.Max(1, Math.Round((double)Whole("min_data_in_leaf") * held / rows))} ";
        var names = Hyperparameter.All.Where(known => !known.IsOurs).Select(known => $"{known.Name}={_values[known.Name]}");
        var threads = Whole("num_threads") > 0 ? Whole("num_threads") : held < RowsForThreads ? 1 : Environment.ProcessorCount;
        return $"{weighted}num_threads={threads} objective=binary metric=none verbosity=-1 deterministic=true force_row_wise=true " + string.Join(' ', names);
    }

    private int Whole(string name) => int.Parse(_values[name], CultureInfo.InvariantCulture);
}
