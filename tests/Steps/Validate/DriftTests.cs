using Slipway.Steps.Validate;

namespace Slipway.Tests.Steps.Validate;

public sealed class DriftTests
{
    [Fact]
    public void The_index_is_the_textbooks()
    {
        // (0.6 - 0.5) ln(0.6 / 0.5) + (0.4 - 0.5) ln(0.4 / 0.5)
        Assert.Equal(0.0405465, Drift.Index([50, 50], [600, 400]), tolerance: 1e-7);
        Assert.Equal(0, Drift.Index([1, 2, 3], [10, 20, 30]), tolerance: 1e-12);
    }

    [Fact]
    public void A_value_that_is_new_counts_without_being_infinite() => Assert.InRange(Drift.Index([100, 0], [50, 50]), 1, 10);
}
