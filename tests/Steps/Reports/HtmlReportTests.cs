using System.Xml.Linq;
using Slipway.Steps.Reports;
using Xunit;

namespace Slipway.Tests.Steps.Reports;

public sealed class HtmlReportTests
{
    [Fact]
    public void Text_from_data_is_escaped_everywhere()
    {
        const string Evil = "<script>alert('1')</script>";
        var html = new HtmlReport(Evil).Section(Evil).Paragraph(Evil).Notice(NoticeKind.Warning, Evil)
            .Table([Evil], [[Evil]])
            .Charts([SvgChart.Bars(Evil, Evil, [Evil], [(Evil, [1])]), SvgChart.Lines(Evil, Evil, Evil, [(Evil, [(0, 0), (1, 1)]), (Evil, [])])])
            .ToHtml();

        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_well_formed_SVG_with_a_bar_a_value()
    {
        var svg = XElement.Parse(SvgChart.Bars("Missing & found", "share", ["a", "b"], [("now", [0.5, 1]), ("before", [0, 0.25])]).ToSvg());

        var heights = svg.Elements("rect").Where(rect => rect.Element("title") is not null)
            .Select(rect => (double)rect.Attribute("height")!).ToList();
        Assert.Equal(4, heights.Count);
        Assert.Equal(heights.Max(), heights[2]);
        Assert.Equal(0, heights[1]);
        Assert.Equal(heights[2] / 2, heights[0], tolerance: 0.1);
    }

    [Fact]
    public void Numbers_stand_to_the_right_and_text_to_the_left()
    {
        var html = new HtmlReport("t").Table(["name", "rows"], [["a", "1,200"], ["b", "-3.5"]]).ToHtml();

        Assert.Contains("<td>a</td><td class=\"number\">1,200</td>", html, StringComparison.Ordinal);
    }
}
