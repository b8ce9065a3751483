using Slipway.Steps.Evaluate;

namespace Slipway.Tests.Steps.Evaluate;

public sealed class RadixSortTests
{
    public static TheoryData<string> Kinds => ["spread", "close together", "few and equal", "in order", "from the last on"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Keys_are_sorted_whatever_they_have_in_common(string kind)
    {
        var random = new Random(11);
        ulong[] keys = [.. Enumerable.Range(0, 5000).Select(i => kind switch
        {
            "spread" => (ulong)random.NextInt64(long.MinValue, long.MaxValue),
            // the same high half but for some, as scores have that differ after the twentieth bit
            "close together" => RadixSort.Key(0.25 + (random.Next(3) * 1e-6) + (random.NextDouble() * 1e-9)),
            "few and equal" => RadixSort.Key(random.Next(4) - 2),
            "in order" => (ulong)i,
            _ => (ulong)(5000 - i),
        })];
        var sorted = keys.Order().ToArray();

        RadixSort.Sort(keys);

        Assert.Equal(sorted, keys);
    }
}
