using Slipway.ModelServer.Models;

namespace Slipway.Tests.ModelServer;

public sealed class ForestTests
{
    private const int Width = 5;

    private static readonly string Text = Train("");

    [Theory]
    [InlineData("")]
    [InlineData("use_missing=false")]
    [InlineData("zero_as_missing=true")]
    [InlineData("sigmoid=0.7")]
    [InlineData("num_leaves=2 max_depth=1")]
    [InlineData("min_data_in_leaf=100000")]
    public void Predictions_agree_with_LightGBMs_own_to_the_last_bit(string parameters)
    {
        var text = Train(parameters);
        var (rows, _) = Rows(20_000, seed: 2);

        Assert.Equal(NativeModel.Predict(text, rows, Width), Forest.Parse(text).PredictRows(rows));
    }

    [Fact]
    public void A_model_names_its_inputs_and_their_share()
    {
        var forest = Forest.Parse(Text);

        Assert.Equal(["Column_0", "Column_1", "Column_2", "Column_3", "Column_4"], forest.InputNames);
        Assert.Equal(40, forest.TreeCount);
        Assert.Equal(0, forest.Importance[4].Splits);
        Assert.True(forest.Importance[0].Gain > forest.Importance[2].Gain && forest.Importance[2].Splits > 0);
    }

    [Fact]
    public void A_row_of_another_width_is_refused() =>
        Assert.Throws<ArgumentException>(() => Forest.Parse(Text).Predict(new float[4]));

    [Theory]
    [InlineData("linear_tree=true", "linear trees")]
    [InlineData("categorical_feature=3", "categorical splits")]
    [InlineData("boosting=rf bagging_freq=1 bagging_fraction=0.5", "random forests")]
    [InlineData("objective=regression", "the objective 'regression'")]
    [InlineData("objective=multiclass num_class=2", "several classes")]
    public void A_model_that_can_not_be_computed_is_refused_by_what_it_uses(string parameters, string reason)
    {
        var e = Assert.Throws<InvalidDataException>(() => Forest.Parse(Train(parameters)));

        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tree", "spruce")]
    [InlineData("version=v4", "version=v9")]
    [InlineData("num_class=1", "num_class=x")]
    [InlineData("max_feature_idx=4", "max_feature_idx=3")]
    [InlineData("Tree=39\nnum_leaves=31", "Tree=39\nnum_leaves=30")]
    [InlineData("Tree=39\nnum_leaves=31", "Tree=39\nnum_leaves=-2000000000")]
    [InlineData("end of trees", "")]
    [InlineData("left_child=1 ", "left_child=0 ")]
    [InlineData("left_child=1 ", "left_child=1e9 ")]
    [InlineData("left_child=1 ", "left_child=-40 ")]
    [InlineData("split_feature=0 ", "split_feature=5 ")]
    [InlineData("leaf_value=", "leaf_value=nan ")]
    public void A_damaged_model_is_refused(string from, string to)
    {
        Assert.Contains(from, Text, StringComparison.Ordinal);

        Assert.Throws<InvalidDataException>(() => Forest.Parse(Text.Replace(from, to, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_model_cut_off_anywhere_is_refused()
    {
        var body = Text[..(Text.IndexOf("end of trees", StringComparison.Ordinal) + 8)];

        for (var length = 0; length < body.Length; length += 97)
        {
            Assert.Throws<InvalidDataException>(() => Forest.Parse(body[..length]));
        }
    }

    // A parameter given twice keeps its first value, so the test's own come first.
    private static string Train(string parameters)
    {
        var (rows, labels) = Rows(5_000, seed: 1);
        return NativeModel.Train(parameters + " objective=binary num_leaves=31 min_data_in_leaf=5 verbosity=-1 num_threads=1 seed=1", rows, labels, Width, 40);
    }

    private static (float[] Rows, float[] Labels) Rows(int count, int seed)
    {
        var random = new Random(seed);
        var (rows, labels) = (new float[count * Width], new float[count]);
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < 4; j++)
            {
                rows[(i * Width) + j] = random.Next(6) switch
                {
                    0 => float.NaN,
                    1 => 0,
                    2 => (float)random.NextDouble() * 1e-34f,
                    _ when j == 3 => random.Next(4),
                    _ => (float)((random.NextDouble() * 4) - 2),
                };
            }
            var signal = (float.IsNaN(rows[i * Width]) ? 0.7 : rows[i * Width]) + (0.3 * rows[(i * Width) + 1]);
            labels[i] = signal + random.NextDouble() > 0.5 ? 1 : 0;
        }
        return (rows, labels);
    }
}
