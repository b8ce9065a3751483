using Slipway.Steps.Evaluate;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class LeakageProbeTests
{
    // the model's own AUC is 0.70, sure to 0.05, by the split that its rows had
    private static readonly AucInterval Interval = new(0.65, 0.75, 0.95, "bootstrap over groups", 1000);

    [Theory]
    [InlineData(0.70, 0.80, 0.80, true)]
    [InlineData(0.60, 0.70, 0.60, true)]
    [InlineData(0.70, 0.74, 0.74, false)]
    [InlineData(0.66, 0.70, 0.66, false)]
    [InlineData(0.80, 0.70, 0.80, false)]
    [InlineData(0.70, null, null, false)]
    [InlineData(null, 0.70, null, false)]
    public void A_random_split_that_flatters_beyond_the_interval_is_leakage(double? grouped, double? random, double? other, bool differs) =>
        Assert.Equal(differs, LeakageProbe.Differs(grouped, random, other, Interval));

    [Fact]
    public void What_is_sure_and_small_is_not_worth_telling() =>
        Assert.False(LeakageProbe.Differs(0.700, 0.715, 0.715, Interval with { Low = 0.699, High = 0.701 }));
}
