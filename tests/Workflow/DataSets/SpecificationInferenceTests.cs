using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Tests.Workflow.DataSets;

public sealed class SpecificationInferenceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    private string Csv(string text, string name = "ads.csv")
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void LooksLikeAdClick(string yaml)
    {
        var specification = DataSetSpecification.Parse(yaml);
        var adClick = DataSetSpecification.AdClick;
        Assert.Equal(adClick.RecordIdentifier, specification.RecordIdentifier);
        Assert.Equal(adClick.EventTime, specification.EventTime);
        Assert.Equal(adClick.Label, specification.Label);
        Assert.Equal("id", specification.Group);
        Assert.Equal(["full_name"], specification.PersonalData);
        Assert.Equal(adClick.Features.Select(feature => feature.Column), specification.Features.Select(feature => feature.Column));
        Assert.Equal(adClick.Features.OfType<CategoryFeature>().Select(feature => feature.Values.Order(StringComparer.Ordinal)),
            specification.Features.OfType<CategoryFeature>().Select(feature => feature.Values.AsEnumerable()));
        Assert.Equal((18.0, 64.0), (((NumberFeature)specification.Features[0]).Min, ((NumberFeature)specification.Features[0]).Max));
        Assert.Contains("known_indicator: age_known", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_is_understood_as_the_specification_that_ships()
    {
        var path = Path.Combine(_folder, "ad_click.csv");
        using (var stream = File.Create(path))
        {
            SampleData.Write(stream, 5000, 1);
        }

        var yaml = SpecificationInference.Infer(path);

        LooksLikeAdClick(yaml);
        using var csv = File.OpenRead(path);
        Assert.All(ReadRow.All(csv, DataSetSpecification.Parse(yaml), path), row => Assert.Empty(row.Errors));
    }

    [Fact]
    public void The_real_data_is_understood_as_the_specification_that_ships()
    {
        var yaml = SpecificationInference.Infer(Repository.RequireAdClickCsv());

        LooksLikeAdClick(yaml);
        Assert.Contains("# check: 4000 different values in 10000 rows; all rows of one value stay on one side of the split.\ngroup: id\n", yaml, StringComparison.Ordinal);
    }

    [Fact]
    public void Odd_headers_and_values_become_a_specification_that_reads_the_file()
    {
        var path = Csv("Customer Id,Joined At,\"Plan, type\",Monthly (€),event_time,Notes,Left?\n" + string.Concat(Enumerable.Range(0, 200).Select(i =>
            $"C{i},2026-01-{1 + (i % 28):00}T10:00:00Z,{new[] { "yes", "\"a: b #\"", "\"it's \"\"x\"\"\"", "null" }[i % 4]},{i * 1.5},{i % 7},text {i},{(i % 9 == 0 ? "gone" : "here")}\n")), "Churn data (2026).csv");

        var yaml = SpecificationInference.Infer(path);

        var specification = DataSetSpecification.Parse(yaml);
        Assert.Equal("Churn-data-2026", specification.Name);
        Assert.Equal(new RecordIdentifierSource("Customer_Id", IsDerived: false), specification.RecordIdentifier);
        Assert.Equal("Joined_At", specification.EventTime.Column);
        Assert.Equal(new LabelColumn("Left", "gone", "here"), specification.Label);
        Assert.Contains("check: the rarer value", yaml, StringComparison.Ordinal);
        Assert.Equal(["Notes"], specification.IgnoredColumns);
        Assert.Equal(["Plan_type", "Monthly", "event_time_2"], specification.Features.Select(feature => feature.Column));
        Assert.Contains("only 7 different values; is it a code?", yaml, StringComparison.Ordinal);
        using var csv = File.OpenRead(path);
        Assert.All(ReadRow.All(csv, specification, path), row => Assert.Empty(row.Errors));
    }

    [Fact]
    public void The_label_can_be_named()
    {
        var path = Csv("a,b,c\n" + string.Concat(Enumerable.Range(0, 50).Select(i => $"{i % 2},{i % 3 / 2},{i}\n")));

        Assert.Equal("b", DataSetSpecification.Parse(SpecificationInference.Infer(path)).Label.Column);
        Assert.Equal("a", DataSetSpecification.Parse(SpecificationInference.Infer(path, "a")).Label.Column);
    }

    [Theory]
    [InlineData("", null, "the file is empty; it needs a header line with the columns' names.")]
    [InlineData("a,b\n", null, "the file has a header and no rows.")]
    [InlineData("a,b\n1,2\n2,3\n3,4\n", null, "no column has exactly two values and one in every row, as a label must.")]
    [InlineData("a,b\n1,2\n2,3\n3,3\n", "c", "there is no column 'c'; there are a, b.")]
    [InlineData("a,b\n1,2\n2,3\n3,3\n", "a", "'a' can't be the label: it has 3 different values in 3 of 3 rows, and needs two in all.")]
    [InlineData("a,b\n1,1\n1,0\n", null, "no column is left that could be a feature.")]
    public void A_file_that_makes_no_data_set_is_refused(string csv, string? label, string message) =>
        Assert.EndsWith(message, Assert.Throws<CsvException>(() => SpecificationInference.Infer(Csv(csv), label)).Message, StringComparison.Ordinal);
}
