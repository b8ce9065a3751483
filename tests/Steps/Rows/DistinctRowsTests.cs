using Slipway.Steps.Rows;

namespace Slipway.Tests.Steps.Rows;

public sealed class DistinctRowsTests
{
    private static readonly string[] Names = ["a", "b"];

    [Fact]
    public void Rows_of_the_same_inputs_and_label_are_held_once_in_the_order_in_which_they_come()
    {
        var rows = new EncodedRows(Names, [1, 2, 1, 2, float.NaN, 0, 1, 2, float.NaN, 0, 1, 2, 1, 2, 1, 2], [1, 0, 0, 1, 0, 1, 0, 1], []);

        var distinct = DistinctRows.Of(rows, byLabel: true)!;

        Assert.Equal([1, 2, 1, 2, float.NaN, 0], distinct.Rows.Inputs);
        Assert.Equal([1, 0, 0], distinct.Rows.Labels);
        Assert.Equal([4, 2, 2], distinct.Counts);
        Assert.Equal([0, 1, 2, 0, 2, 0, 1, 0], distinct.Places);
    }

    [Fact]
    public void Without_labels_rows_of_the_same_inputs_are_one()
    {
        var rows = new EncodedRows(Names, [1, 2, 1, 2, 2, 1, 2, 1], [1, 0, 0, 0], []);

        var distinct = DistinctRows.Of(rows, byLabel: false)!;

        Assert.Equal([1, 2, 2, 1], distinct.Rows.Inputs);
        Assert.Equal([0, 0, 1, 1], distinct.Places);
    }

    [Theory]
    [InlineData(4, 2, true)]
    [InlineData(4, 3, false)]
    [InlineData(250_000, 125_000, true)]
    [InlineData(250_000, 125_001, false)]
    [InlineData(250_000, 3, true)]
    public void Where_more_than_half_of_the_rows_differ_all_are_kept(int count, int different, bool areFewer)
    {
        // what differs comes throughout, so that no beginning tells how it ends
        var random = new Random(5);
        var inputs = Enumerable.Range(0, count).Select(i => i < different ? i : random.Next(different)).ToArray();
        random.Shuffle(inputs);
        var rows = new EncodedRows(Names, [.. inputs.SelectMany(i => new[] { i / 100, (float)(i % 100) })], new float[count], []);

        var distinct = DistinctRows.Of(rows, byLabel: true);

        Assert.Equal(areFewer, distinct is not null);
        if (distinct is not null)
        {
            Assert.Equal((different, (float)count), (distinct.Rows.Count, distinct.Counts.Sum()));
            Assert.Equal(inputs, distinct.Places.Select(place => (int)((distinct.Rows.Inputs[2 * place] * 100) + distinct.Rows.Inputs[(2 * place) + 1])));
        }
    }

    [Fact]
    public void Rows_that_hardly_repeat_are_given_up_early()
    {
        // the first 150,000 differ, and all others repeat them: a look at the beginning is not worth more
        var rows = new EncodedRows(["a"], [.. Enumerable.Range(0, 600_000).Select(i => (float)(i % 150_000))], new float[600_000], []);

        Assert.Null(DistinctRows.Of(rows, byLabel: false));
    }
}
