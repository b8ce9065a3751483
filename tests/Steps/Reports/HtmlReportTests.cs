using System.Xml.Linq;
using Slipway.Steps.Reports;

namespace Slipway.Tests.Steps.Reports;

public sealed class HtmlReportTests
{
    [Fact]
    public void Text_from_data_is_escaped_everywhere()
    {
        const string Evil = "<script>alert('1')</script>";
        var html = new HtmlReport(Evil).Section(Evil).Paragraph(Evil).Notice(NoticeKind.Warning, Evil)
            .Table([Evil], [[Evil]])
            .Charts([SvgChart.Bars(Evil, Evil, [(Evil, 1)], (Evil, 2)), SvgChart.Curve(Evil, Evil, Evil, Evil, [(0, 0), (1, 1)], (Evil, 0, 1), dots: true), SvgChart.Histogram(Evil, Evil, Evil, [(0, 1, 2)])])
            .ToHtml();

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_well_formed_SVG_with_a_bar_a_value_and_each_name_in_full()
    {
        var svg = XElement.Parse(SvgChart.Bars("Missing & found", "share", [("gender_known", 0.5), ("a name of many letters, too many", 1), ("none", 0)], ("half", 0.5)).ToSvg());

        Assert.Equal(0.5, Bars(svg)[0].Width / Bars(svg)[1].Width, tolerance: 0.001);
        Assert.Equal(0, Bars(svg)[2].Width);
        Assert.All((string[])["gender_known", "a name of many letters,…", "none", "share", "half"], text => Assert.Contains(text, Texts(svg)));
        Assert.Single(svg.Elements("path"), path => (string?)path.Attribute("class") == "reference" && ((string)path.Attribute("d")!).Contains('L', StringComparison.Ordinal));
    }

    [Fact]
    public void A_histogram_stands_between_the_bounds_of_its_buckets()
    {
        var svg = XElement.Parse(SvgChart.Histogram("age", "age", "rows", [(18, 41, 10), (41, 64, 638)]).ToSvg());

        var bars = Bars(svg);
        Assert.Equal(bars[0].X + bars[0].Width + 1, bars[1].X, tolerance: 0.2);
        Assert.Equal(638.0 / 10, bars[1].Height / bars[0].Height, tolerance: 2);
        Assert.All((string[])["20", "30", "40", "50", "60", "0", "200", "800"], text => Assert.Contains(text, Texts(svg)));
    }

    [Theory]
    [InlineData(638, new double[] { 0, 200, 400, 600, 800 })]
    [InlineData(1, new double[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    [InlineData(0.2634, new double[] { 0, 0.1, 0.2, 0.3 })]
    [InlineData(7_000_000, new double[] { 0, 2e6, 4e6, 6e6, 8e6 })]
    [InlineData(0, new double[] { 0, 0.2, 0.4, 0.6, 0.8, 1 })]
    public void An_axis_has_numbers_that_people_count_in(double highest, double[] numbers)
    {
        var axis = Axis.UpTo(highest);

        Assert.Equal(numbers, axis.Ticks().Select(tick => Math.Round(tick, 9)));
        Assert.Equal(numbers[^1], axis.To, tolerance: 1e-9);
    }

    [Theory]
    [InlineData(18, 64, new double[] { 20, 30, 40, 50, 60 })]
    [InlineData(-3, 3, new double[] { -2, 0, 2 })]
    [InlineData(5, 5, new double[] { 5, 5.2, 5.4, 5.6, 5.8, 6 })]
    public void An_axis_between_two_values_has_numbers_between_them(double lowest, double highest, double[] numbers) =>
        Assert.Equal(numbers, Axis.Within(lowest, highest).Ticks().Select(tick => Math.Round(tick, 9)));

    [Fact]
    public void Numbers_stand_to_the_right_and_text_to_the_left()
    {
        var html = new HtmlReport("t").Table(["name", "rows"], [["a", "1,200"], ["b", "-3.5"]]).ToHtml();

        Assert.Contains("<td>a</td><td class=\"number\">1,200</td>", html, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(XElement svg) => svg.Elements("text").Select(text => text.Value);

    private static List<(double X, double Width, double Height)> Bars(XElement svg) => [.. svg.Elements("rect")
        .Select(rect => ((double)rect.Attribute("x")!, (double)rect.Attribute("width")!, (double)rect.Attribute("height")!))];
}
