using System.Globalization;
using System.Text;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Tests.Workflow.DataSets.Csv;

public sealed class CsvRowsTests
{
    private const string Header = "id,full_name,age,gender,device_type,ad_position,browsing_history,time_of_day,click\n";

    private static List<ReadRow> Read(string csv, DataSetSpecification? specification = null) =>
        ReadRow.All(new MemoryStream(Encoding.UTF8.GetBytes(csv)), specification ?? DataSetSpecification.AdClick, "ads.csv");

    [Theory]
    [InlineData(0.0), InlineData(25.0), InlineData(-7.0), InlineData(0.1), InlineData(1e15), InlineData(999999999999999.0), InlineData(-1e15)]
    [InlineData(1e14), InlineData(1.5e300), InlineData(5e-324), InlineData(123456.789), InlineData(1e16), InlineData(9007199254740993.0)]
    public void A_number_has_the_shortest_text_that_reads_back_as_it(double number)
    {
        var bytes = new byte[RowValue.LongestNumber];
        Assert.Equal(number.ToString("R", CultureInfo.InvariantCulture), Encoding.UTF8.GetString(bytes, 0, RowValue.Format(number, bytes)));
        Assert.Equal("-0", Encoding.UTF8.GetString(bytes, 0, RowValue.Format(double.NegativeZero, bytes)));
    }

    [Fact]
    public void A_row_comes_with_a_value_for_each_column_of_the_feature_group_and_without_personal_data()
    {
        var row = Assert.Single(Read(Header + "670,User670,22.0,,Desktop,Top,Shopping,Afternoon,1\n"));

        Assert.Empty(row.Errors);
        Assert.Matches("^[0-9a-f]{32}-1$", row.Values[0]);
        Assert.Equal([null, "670", "22", null, "Desktop", "Top", "Shopping", "Afternoon", "1"], row.Values.Skip(1));
    }

    [Theory]
    [InlineData("1,a,young,,,,,,1", "line 2: 'age': 'young' is not a number.")]
    [InlineData("1,a,12,,,,,,1", "line 2: 'age': '12' is outside the allowed range, 18 to 100.")]
    [InlineData("1,a,,male,,,,,1", "line 2: 'gender': 'male' is not one of its values: Female, Male, Non-Binary.")]
    [InlineData("1,a,,,,,,,yes", "line 2: 'click': 'yes' is not the label's positive ('1') or negative ('0') value.")]
    [InlineData("1,a,,,,,,,", "line 2: 'click': '' is not the label's positive ('1') or negative ('0') value.")]
    [InlineData(",a,,,,,,,1", "line 2: 'id' is empty; every row needs it.")]
    [InlineData("1,a,,,,,1", "line 2: the row has 7 fields and the header has 9; a comma inside a value needs quotes around it.")]
    [InlineData("1,a,1,x,,,,,1", "line 2: 'age': '1' is outside the allowed range, 18 to 100.|line 2: 'gender': 'x' is not one of its values: Female, Male, Non-Binary.")]
    public void A_bad_row_says_what_is_wrong_and_reading_goes_on(string line, string errors)
    {
        var rows = Read(Header + line + "\n2,b,,,,,,,0\n");

        Assert.Equal(errors, string.Join('|', rows[0].Errors));
        Assert.Equal(line.Split(','), rows[0].BadFields);
        Assert.Empty(rows[1].Errors);
        Assert.Equal(3, rows[1].Line);
    }

    [Fact]
    public void Bytes_that_are_not_UTF8_are_an_error_of_their_row()
    {
        var rows = ReadRow.All(new MemoryStream([.. Encoding.UTF8.GetBytes(Header), 0xE9, .. ",a,,,,,,,1\n"u8]), DataSetSpecification.AdClick, "ads.csv");

        Assert.Contains("not UTF-8", Assert.Single(rows).Errors[0].Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "ads.csv, line 1: the file is empty; it needs a header line with the columns' names.")]
    [InlineData("id,age\n", "ads.csv, line 1: the header has no column 'gender', 'device_type', 'ad_position', 'browsing_history', 'time_of_day', 'click', which the specification needs; it has id, age.")]
    [InlineData("id,age,gender,device_type,ad_position,browsing_history,time_of_day,click,mood\n", "ads.csv, line 1: the specification does not know the column 'mood'; list it under features, personal_data or ignored_columns.")]
    [InlineData("id,age,age,gender,device_type,ad_position,browsing_history,time_of_day,click\n", "ads.csv, line 1: the header has 'age' twice.")]
    public void A_header_that_does_not_fit_is_refused(string csv, string message) =>
        Assert.Equal(message, Assert.Throws<CsvException>(() => Read(csv)).Message);

    [Fact]
    public void Values_that_share_a_place_in_the_memory_of_values_are_not_taken_for_each_other()
    {
        var specification = DataSetSpecification.Parse("""
            name: churn
            record_identifier: { derived: id }
            event_time: { load: at }
            label: { column: left, positive: "yes", negative: "no" }
            features: [ { number: months } ]
            """);
        var numbers = Enumerable.Range(0, 5000).Select(i => i % 3 == 0 ? i / 7.0 : i % 700 / 4.0).ToList();
        var csv = string.Concat(numbers.Select(n => string.Create(CultureInfo.InvariantCulture, $"{n:F12},no\n")));

        Assert.Equal(
            numbers.Select(n => double.Parse(n.ToString("F12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture).ToString("R", CultureInfo.InvariantCulture)),
            Read("months,left\n" + csv, specification).Select(row => row.Values[2]));
    }

    [Fact]
    public void A_derived_identifier_stays_the_same_and_copies_are_numbered()
    {
        var ids = Read(Header + "1,a,22.0,Male,,,,,1\n1,a,22,Male,,,,,1\n1,a,22,,Mobile,,,,1\n").Select(row => row.Values[0]!).ToList();
        var elsewhere = Read("click,age,gender,device_type,ad_position,browsing_history,time_of_day,id\n1.0,2.2e1,Male,,,,,1\n").Single().Values[0];

        Assert.Equal(ids[0][..32] + "-1", ids[0]);
        Assert.Equal(ids[0][..32] + "-2", ids[1]);
        Assert.NotEqual(ids[0][..32], ids[2][..32]);
        Assert.Equal(ids[0], elsewhere);
    }

    [Fact]
    public void Personal_data_is_no_part_of_a_derived_identifier() => Assert.Equal(
        Read(Header + "1,Ann,22,,,,,,1\n")[0].Values[0], Read(Header + "1,Bob,22,,,,,,1\n")[0].Values[0]);

    [Fact]
    public void A_feature_that_is_added_later_and_empty_leaves_derived_identifiers_as_they_were()
    {
        var wider = DataSetSpecification.Parse(DataSetSpecification.AdClickYaml + "\n  - number: income\n");

        Assert.Equal(
            Read(Header + "1,a,22,,,,,,1\n")[0].Values[0],
            Read(Header.Replace("click", "click,income", StringComparison.Ordinal) + "1,a,22,,,,,,1,\n", wider)[0].Values[0]);
    }

    [Theory]
    [InlineData("iso8601", "2026-01-31 23:59:59", "2026-01-31T23:59:59Z", null)]
    [InlineData("iso8601", "2026-01-31T23:59:59.5+09:00", "2026-01-31T14:59:59.500Z", null)]
    [InlineData("iso8601", "soon", null, "line 2: 'at': 'soon' is not a time; write it as 2026-01-31T23:59:59Z.")]
    [InlineData("unix", "1700000000.25", "1700000000.25", null)]
    [InlineData("unix", "", null, "line 2: 'at': '' is not a number of seconds since 1970, in the years 1 to 9999.")]
    public void An_event_time_column_is_read_in_its_format(string format, string text, string? expected, string? error)
    {
        var specification = DataSetSpecification.Parse($$"""
            name: churn
            record_identifier: { column: customer }
            event_time: { column: at, format: {{format}} }
            label: { column: left, positive: "yes", negative: "no" }
            features: [ { number: months } ]
            """);

        var row = Assert.Single(Read($"customer,at,months,left\nc1,{text},3,yes\n", specification));

        Assert.Equal(error, row.Errors.FirstOrDefault()?.ToString());
        Assert.Equal(expected, row.Values.Skip(1).FirstOrDefault());
    }

    [Fact]
    public void The_real_data_has_no_bad_row_and_2853_exact_copies()
    {
        using var stream = File.OpenRead(Repository.RequireAdClickCsv());
        var all = ReadRow.All(stream, DataSetSpecification.AdClick, "ad_click_dataset.csv");

        Assert.Equal(10_000, all.Count);
        Assert.All(all, row => Assert.Empty(row.Errors));
        Assert.Equal(2853, all.Count(row => !row.Values[0]!.EndsWith("-1", StringComparison.Ordinal)));
        Assert.Equal(10_000, all.Select(row => row.Values[0]).Distinct().Count());
    }
}
