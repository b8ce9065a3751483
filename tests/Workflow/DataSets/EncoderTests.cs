using System.Text.Json;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Workflow.DataSets;

public sealed class EncoderTests
{
    private static readonly Encoder AdClick = new(DataSetSpecification.AdClick);

    [Fact]
    public void The_inputs_of_ad_click_are_the_manuals_eight_in_order() => Assert.Equal(
        ["age", "gender", "device_type", "ad_position", "browsing_history", "time_of_day", "age_known", "gender_known"],
        AdClick.InputNames);

    [Fact]
    public void A_raw_row_becomes_numbers_and_codes()
    {
        var inputs = AdClick.Encode(new Dictionary<string, string?>
        {
            ["id"] = "670",
            ["full_name"] = "User670",
            ["age"] = "22.0",
            ["gender"] = "Male",
            ["device_type"] = "",
            ["ad_position"] = "Top",
            ["time_of_day"] = null,
        });

        Assert.Equal([22, 2, 0, 3, 0, 0, 1, 1], inputs);
    }

    [Fact]
    public void An_empty_row_is_unknown_in_every_input() =>
        Assert.Equal([float.NaN, 0, 0, 0, 0, 0, 0, 0], AdClick.Encode(new Dictionary<string, string?>()));

    [Fact]
    public void A_JSON_row_is_encoded_as_its_text()
    {
        var inputs = new float[8];

        AdClick.Encode(JsonDocument.Parse("""{"age": 25, "gender": "Female", "device_type": null}""").RootElement, inputs);

        Assert.Equal([25, 1, 0, 0, 0, 0, 1, 1], inputs);
    }

    [Theory]
    [InlineData("age", "young", "'age': 'young' is not a number.")]
    [InlineData("age", "17", "'age': '17' is outside the allowed range, 18 to 100.")]
    [InlineData("age", "NaN", "'age': 'NaN' is outside the allowed range, 18 to 100.")]
    [InlineData("gender", "female", "'gender': 'female' is not one of its values: Female, Male, Non-Binary.")]
    [InlineData("colour", "red", "'colour' is not a column of the data set ad-click; its features are age, gender, device_type, ad_position, browsing_history, time_of_day.")]
    public void A_value_that_is_not_allowed_is_named_with_its_column(string column, string value, string message)
    {
        var e = Assert.Throws<EncodingException>(() => AdClick.Encode(new Dictionary<string, string?> { [column] = value }));

        Assert.Equal(message, e.Message);
        Assert.Equal(column, e.Column);
    }

    [Theory]
    [InlineData("25,1,0,1,0,0,1,1", null)]
    [InlineData(",0,0,1,0,0,0,0", null)]
    [InlineData("25,1,0,1,0,0,1", "The row has 7 values, and the model takes 8: age, gender, device_type, ad_position, browsing_history, time_of_day, age_known, gender_known.")]
    [InlineData("25,4,0,1,0,0,1,1", "'gender': '4' is not a code: 0 is unknown, 1 Female, 2 Male, 3 Non-Binary.")]
    [InlineData("25,1.5,0,1,0,0,1,1", "'gender': '1.5' is not a code: 0 is unknown, 1 Female, 2 Male, 3 Non-Binary.")]
    [InlineData("7,1,0,1,0,0,1,1", "'age': '7' is outside the allowed range, 18 to 100.")]
    [InlineData("25,1,0,1,0,0,2,1", "'age_known': '2' must be 1 (known) or 0 (unknown).")]
    [InlineData("25,1,0,1,0,0,0,1", "'age_known': '0' does not agree with 'age', which is 25.")]
    [InlineData("25,0,0,1,0,0,1,1", "'gender_known': '1' does not agree with 'gender', which is unknown.")]
    [InlineData("25,1,x,1,0,0,1,1", "'device_type': 'x' is not a number.")]
    public void A_positional_row_is_checked(string row, string? message)
    {
        var e = Record.Exception(() => AdClick.Check(
            row.Split(',').Select((text, i) => AdClick.ParseInput(i, text)).ToArray()));

        Assert.Equal(message, e?.Message);
    }

    [Fact]
    public void Encoder_json_makes_the_same_encoder_again()
    {
        var again = Encoder.FromJson(AdClick.ToJson());

        Assert.Equal(AdClick.InputNames, again.InputNames);
        Assert.Equal(AdClick.SqlExpressions(), again.SqlExpressions());
        Assert.Equal(AdClick.OtherColumns, again.OtherColumns);
        Assert.Equal(AdClick.ToJson(), again.ToJson());
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"data_set":"a","inputs":["b"],"features":[{"column":"b"}],"other_columns":[]}""")]
    [InlineData("""{"version":1,"data_set":"a","inputs":["c"],"features":[{"column":"b"}],"other_columns":[]}""")]
    [InlineData("""{"version":1,"data_set":"a","inputs":["b"],"features":[{"column":"b","maximum":1}],"other_columns":[]}""")]
    public void Something_else_than_an_encoder_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => Encoder.FromJson(json));
}
