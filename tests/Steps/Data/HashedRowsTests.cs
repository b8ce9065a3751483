using Slipway.Steps.Data;

namespace Slipway.Tests.Steps.Data;

public sealed class HashedRowsTests
{
    [Fact]
    public void What_rows_have_in_common_is_counted_as_by_grouping_them_in_one_pass_and_in_three()
    {
        var random = new Random(5);
        var rows = Enumerable.Range(0, 20_000)
            .Select(_ => (Hash: unchecked((ulong)random.Next(8_000) * 0x9E3779B97F4A7C15), Positive: random.Next(2) == 0, First: random.Next(3) > 0, Second: random.Next(10) > 0))
            .ToList();
        var groups = rows.GroupBy(row => row.Hash).Select(group => group.ToList()).ToList();
        foreach (var passes in (ulong[])[1, 3])
        {
            var counted = new HashedRows(10, splits: 2);
            for (var pass = 0UL; pass < passes; pass++)
            {
                foreach (var row in rows.Where(row => row.Hash % passes == pass))
                {
                    counted.Add(row.Hash, (row.Positive ? 1UL : 0) | (row.First ? 2UL : 0) | (row.Second ? 4UL : 0));
                }
                counted.Count();
            }
            Assert.Equal(groups.Count, counted.Distinct);
            Assert.Equal(groups.Count(group => group.Count > 1), counted.Repeating);
            Assert.Equal(groups.Count(group => group.Count > 1 && group.DistinctBy(row => row.Positive).Count() == 1), counted.OfOneLabel);
            Assert.Equal([.. new[] { groups.Count(group => group.DistinctBy(row => row.First).Count() == 2), groups.Count(group => group.DistinctBy(row => row.Second).Count() == 2) }], counted.Across);
            Assert.Equal([groups.Sum(group => HeldOut(group.ConvertAll(row => row.First))), groups.Sum(group => HeldOut(group.ConvertAll(row => row.Second)))], counted.RowsAcross);
        }
    }

    private static long HeldOut(List<bool> trained) => trained.Contains(true) ? trained.Count(isTrained => !isTrained) : 0;
}
