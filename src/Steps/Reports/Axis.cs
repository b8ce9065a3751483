namespace Slipway.Steps.Reports;

/// <summary>An axis of a chart.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">Where it ends, after <paramref name="From"/>.</param>
/// <param name="Step">Its numbers are multiples of this: 1, 2 or 5 times a power of ten, for people to read between them.</param>
internal readonly record struct Axis(double From, double To, double Step)
{
    private const int MostSteps = 5;

    // what rounding may cost
    private const double Slack = 1e-9;

    /// <summary>From 0 to the first of its numbers that is not below the highest value; to 1 where that is 0.</summary>
    public static Axis UpTo(double highest)
    {
        var to = highest > 0 ? highest : 1;
        var step = StepOf(to);
        return new(0, Math.Ceiling((to / step) - Slack) * step, step);
    }

    /// <summary>From one value to another, with numbers between; one unit long where they are the same.</summary>
    public static Axis Within(double lowest, double highest)
    {
        var to = highest > lowest ? highest : lowest + 1;
        return new(lowest, to, StepOf(to - lowest));
    }

    /// <summary>How much of the axis lies before a value, 0 to 1.</summary>
    public double Share(double value) => (value - From) / (To - From);

    /// <summary>Its numbers.</summary>
    public IEnumerable<double> Ticks()
    {
        var (from, to, step) = this;
        return Enumerable.Range(0, MostSteps + 2).Select(i => (Math.Ceiling((from / step) - Slack) + i) * step).TakeWhile(tick => tick <= to + (step * Slack));
    }

    private static double StepOf(double length)
    {
        var least = length / MostSteps;
        var power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return power * ((least / power) switch { <= 1 + Slack => 1, <= 2 + Slack => 2, <= 5 + Slack => 5, _ => 10 });
    }
}
