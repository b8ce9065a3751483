using Slipway.Steps.Data;
using Slipway.Steps.StepHost;

namespace Slipway.Tests.Steps.Data;

public sealed class ChunksTests
{
    [Fact]
    public void Values_come_in_order_and_those_that_are_null_are_told()
    {
        using var duck = new Duck();
        var (values, unknown) = (new List<ulong>(), new List<ulong>());
        Chunks.Read(duck.Connection, "SELECT i::UBIGINT, CASE WHEN i % 1000 = 7 THEN NULL ELSE 1::UTINYINT END FROM range(100_000) t(i)", chunk =>
        {
            for (var row = 0; row < chunk.Count; row++)
            {
                values.Add(chunk.Column<ulong>(0)[row]);
                if (!Chunk.IsKnown(chunk.Known(1), row))
                {
                    unknown.Add(values[^1]);
                }
            }
        }, Duck.Refused);
        Assert.Equal(Enumerable.Range(0, 100_000).Select(i => (ulong)i), values);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => ((ulong)i * 1000) + 7), unknown);
    }

    [Theory]
    [InlineData("SELECT nonsense", "nonsense")]
    [InlineData("SELECT CASE WHEN i = 90_000 THEN error('row 90,000 is bad') ELSE i END FROM range(100_000) t(i)", "row 90,000 is bad")]
    public void What_duckdb_says_of_a_query_and_of_its_data_is_told(string sql, string said)
    {
        using var duck = new Duck();
        var failure = Assert.Throws<StepFailedException>(() => Chunks.Read(duck.Connection, sql, _ => { }, Duck.Refused));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }
}
