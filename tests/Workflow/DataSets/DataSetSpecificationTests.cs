using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Workflow.DataSets;

public sealed class DataSetSpecificationTests
{
    private const string Smallest = """
        name: churn
        label: { column: left }
        features:
          - number: months
        """;

    [Fact]
    public void The_ad_click_specification_ships_and_says_what_the_manual_says()
    {
        var specification = DataSetSpecification.AdClick;

        Assert.Equal("ad-click", specification.Name);
        Assert.Equal("ad-click-feature-group", specification.FeatureGroupName);
        Assert.Equal(new RecordIdentifierSource("record_id", IsDerived: true), specification.RecordIdentifier);
        Assert.Equal(new EventTimeSource("event_time", IsLoadTime: true, UnixSeconds: false), specification.EventTime);
        Assert.Equal(new LabelColumn("click", "1", "0"), specification.Label);
        Assert.Equal("id", specification.Group);
        Assert.Equal(new SplitSettings(SplitStrategy.Auto, 0.7, 0.15, 0.15, 42), specification.Split);
        Assert.Equal(["full_name"], specification.PersonalData);
        Assert.Equal(
            ["record_id", "event_time", "id", "age", "gender", "device_type", "ad_position", "browsing_history", "time_of_day", "click"],
            specification.Columns.Select(column => column.Name));
    }

    [Theory]
    [InlineData("name: churn", "# what left\nname:   'churn'   # a name", true)]
    [InlineData("  - number: months", "  - { number: months }", true)]
    [InlineData("name: churn", "name: leavers", false)]
    [InlineData("column: left", "column: left, positive: 2, negative: 1", false)]
    [InlineData("number: months", "number: months\n    min: 1", false)]
    [InlineData("number: months", "number: months\n    known_indicator: months_known", false)]
    [InlineData("number: months", "category: months\n    values: [a, b]", false)]
    public void Its_fingerprint_is_of_what_it_says_and_not_of_how(string text, string other, bool isSame)
    {
        var changed = Smallest.Replace(text, other, StringComparison.Ordinal);
        Assert.NotEqual(Smallest, changed);
        Assert.Equal(isSame, DataSetSpecification.Parse(Smallest).Fingerprint == DataSetSpecification.Parse(changed).Fingerprint);
    }

    [Fact]
    public void Its_fingerprint_tells_the_values_of_categories_apart()
    {
        var ad = DataSetSpecification.AdClickYaml;
        var swapped = ad.Replace("[Bottom, Side, Top]", "[Side, Bottom, Top]", StringComparison.Ordinal);
        Assert.NotEqual(DataSetSpecification.Parse(ad).Fingerprint, DataSetSpecification.Parse(swapped).Fingerprint);
    }

    [Fact]
    public void A_specification_of_four_lines_is_complete()
    {
        var specification = DataSetSpecification.Parse(Smallest);

        Assert.Equal("churn-feature-group", specification.FeatureGroupName);
        Assert.True(specification.RecordIdentifier.IsDerived);
        Assert.True(specification.EventTime.IsLoadTime);
        Assert.Null(specification.Group);
        Assert.Equal([new NumberFeature("months", null, null, null)], specification.Features);
    }

    [Theory]
    [InlineData("name: churn\nlabels: {}\nlabel: {column: a}\nfeatures: [{number: b}]", 2, 1, "labels", "is not a member here")]
    [InlineData("name: churn\nlabel: {column: a, positve: 1}\nfeatures: [{number: b}]", 2, 20, "label.positve", "is not a member here")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: b\n    min: ten", 5, 10, "features[0].min", "must be a number")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: b\n  - category: c", 5, 5, "features[1].values", "needs the allowed values")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - category: c\n    values: [x, y, x]", 5, 20, "features[0].values[2]", "listed twice")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: a", 4, 3, "features", "'a' is already used in 'label'")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: b\nsplit: {strategy: kfold}", 5, 19, "split.strategy", "must be auto, random or time")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: b\nsplit: {train: 0.9}", 5, 8, "split", "add up to 1")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: Daily Time", 4, 3, "features", "csv_columns")]
    [InlineData("name: churn\nlabel: {column: a}\nfeatures:\n  - number: is_deleted", 4, 3, "features", "Feature Store adds")]
    [InlineData("name: churn\nlabel: {column: a}", 1, 1, "", "needs 'features'")]
    [InlineData("name: [", 2, 1, "", "is not YAML")]
    [InlineData("- a", 1, 1, "", "must be one YAML document")]
    public void A_fault_is_named_with_line_column_and_member(string yaml, int line, int column, string member, string message)
    {
        var e = Assert.Throws<SpecificationException>(() => DataSetSpecification.Parse(yaml, "churn.yaml"));

        var error = Assert.Single(e.Errors);
        Assert.Equal((line, column, member), ((int)error.Line, (int)error.Column, error.Member));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"churn.yaml, line {line}, column {column}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_faults_are_listed_at_once_in_the_order_of_the_file()
    {
        var e = Assert.Throws<SpecificationException>(() => DataSetSpecification.Parse(
            "name: a b\nlabel: {column: y}\ncolour: red\nfeatures:\n  - number: b\n    max: high"));

        Assert.Equal(["name", "colour", "features[0].max"], e.Errors.Select(error => error.Member));
    }

    [Fact]
    public void A_header_with_spaces_gets_a_name_that_the_feature_store_takes()
    {
        var specification = DataSetSpecification.Parse(Smallest + "\ncsv_columns: { months: Months with us }");

        Assert.Equal("Months with us", specification.CsvColumn("months"));
        Assert.Equal("left", specification.CsvColumn("left"));
    }
}
