namespace Slipway.Workflow.DataSets;

/// <summary>The names that split strategies have on command lines and in specifications.</summary>
public static class SplitStrategies
{
    /// <summary>Reads <c>auto</c>, <c>random</c> or <c>time</c>; false for anything else.</summary>
    public static bool TryParse(string text, out SplitStrategy strategy)
    {
        (var known, strategy) = text switch
        {
            "auto" => (true, SplitStrategy.Auto),
            "random" => (true, SplitStrategy.Random),
            "time" => (true, SplitStrategy.Time),
            _ => (false, SplitStrategy.Auto),
        };
        return known;
    }
}
