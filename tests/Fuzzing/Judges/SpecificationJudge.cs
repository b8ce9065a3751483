using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Fuzzing.Judges;

/// <summary>Checks what the steps rely on in a specification that was taken.</summary>
internal static class SpecificationJudge
{
    public static void Check(DataSetSpecification specification)
    {
        Assert.Distinct(specification.Columns.Select(c => c.Name), StringComparer.OrdinalIgnoreCase);
        Assert.NotEmpty(specification.Features);
        Assert.NotEqual(specification.Label.Positive, specification.Label.Negative);
        var split = specification.Split;
        Assert.True(split is { Train: > 0, Validation: > 0, Test: > 0 } && Math.Abs(split.Train + split.Validation + split.Test - 1) < 1e-6, $"{split}");
        Assert.All(specification.Features.OfType<NumberFeature>(), f => Assert.False(f.Min > f.Max, $"{f}"));
        Assert.All(specification.Features.OfType<CategoryFeature>(), f =>
        {
            Assert.NotEmpty(f.Values);
            Assert.Distinct(f.Values);
        });
    }
}
