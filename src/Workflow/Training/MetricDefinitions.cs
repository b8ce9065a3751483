namespace Slipway.Workflow.Training;

/// <summary>
/// The metrics that the train step writes to its log, and the expressions by which SageMaker finds them there
/// (<c>AlgorithmSpecification.MetricDefinitions</c>). The last line that matches is the value of the finished model.
/// </summary>
public static class MetricDefinitions
{
    /// <summary>The area under the ROC curve on the validation rows.</summary>
    public const string ValidationAuc = "validation:auc";

    /// <summary>The log loss on the validation rows.</summary>
    public const string ValidationLogLoss = "validation:binary_logloss";

    /// <summary>Every metric by name, with its expression; the first group is the value.</summary>
    public static IReadOnlyDictionary<string, string> Regexes { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        [ValidationAuc] = Regex(ValidationAuc),
        [ValidationLogLoss] = Regex(ValidationLogLoss),
    };

    /// <summary>A metric as the train step writes it.</summary>
    public static string Format(string name, double value) => FormattableString.Invariant($"{name}={value:F6};");

    private static string Regex(string name) => name + "=([0-9.]+);";
}
