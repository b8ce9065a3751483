using System.Globalization;
using System.Text;

namespace Slipway.Steps.Reports;

/// <summary>
/// A small chart as inline SVG, in the colours of <see cref="HtmlReport"/>. Drawn here and not by a plotting library: a
/// step starts in a tenth of a second, and the same numbers give the same bytes.
/// </summary>
internal sealed class SvgChart
{
    private const double Width = 440, Height = 300, Left = 72, Right = 20, Top = 40, Bottom = 64, BarHeight = 24, CharacterWidth = 6.4;
    private const int LongestName = 24;

    private readonly StringBuilder _svg = new();
    private readonly string _title;
    private readonly double _left, _right, _height;
    private readonly Axis _x, _y;

    private SvgChart(string title, Axis x, Axis y, double left = Left, double right = Right, double height = Height) =>
        (_title, _x, _y, _left, _right, _height) = (title, x, y, left, right, height);

    /// <summary>A curve over axes from 0 to 1, and a straight line to compare it with.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="xLabel">What the horizontal axis shows.</param>
    /// <param name="yLabel">What the vertical axis shows.</param>
    /// <param name="name">What the curve is.</param>
    /// <param name="points">Its points in order.</param>
    /// <param name="reference">What the straight line is, and its height at 0 and at 1.</param>
    /// <param name="dots">Marks each point.</param>
    public static SvgChart Curve(string title, string xLabel, string yLabel, string name, IReadOnlyList<(double X, double Y)> points,
        (string Name, double AtZero, double AtOne) reference, bool dots = false)
    {
        var chart = new SvgChart(title, Axis.UpTo(1), Axis.UpTo(1));
        chart.Upright(xLabel, yLabel);
        chart.Line("reference", (0, reference.AtZero), (1, reference.AtOne));
        chart._svg.Append(CultureInfo.InvariantCulture, $"<path class=\"curve\" d=\"M{string.Join('L', points.Select(p => $"{N(chart.X(p.X))} {N(chart.Y(p.Y))}"))}\"/>");
        foreach (var (x, y) in dots ? points : [])
        {
            chart._svg.Append($"<circle class=\"bar\" cx=\"{N(chart.X(x))}\" cy=\"{N(chart.Y(y))}\" r=\"3.5\"><title>{Label(x)}: {Label(y)}</title></circle>");
        }
        chart.Legend(("curve", name), ("reference", reference.Name));
        return chart;
    }

    /// <summary>A chart of lying bars: names stay readable however long, and however many there are.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="xLabel">What the bars' length shows.</param>
    /// <param name="bars">Their names and lengths (0 or more), from above.</param>
    /// <param name="limit">A value to compare the bars with, and what it is; null for none.</param>
    public static SvgChart Bars(string title, string xLabel, IReadOnlyList<(string Name, double Value)> bars, (string Name, double Value)? limit = null)
    {
        var left = 16 + (CharacterWidth * bars.Max(bar => Math.Min(bar.Name.Length, LongestName)));
        // to the right of the longest bar stands its value
        var chart = new SvgChart(title, Axis.UpTo(bars.Select(bar => bar.Value).Append(limit?.Value ?? 0).Max()), new Axis(0, bars.Count, 1),
            left, 56, Top + (BarHeight * bars.Count) + Bottom);
        chart.Verticals(xLabel);
        for (var i = 0; i < bars.Count; i++)
        {
            var (name, value) = bars[i];
            var (y, width) = (Top + (BarHeight * i) + 4, chart.X(value) - left);
            chart._svg.Append($"<rect class=\"bar\" x=\"{N(left)}\" y=\"{N(y)}\" width=\"{N(width)}\" height=\"{N(BarHeight - 8)}\"><title>{HtmlReport.Escape($"{name}: {Label(value)}")}</title></rect>");
            chart.Text(left - 6, y + 12, "end", name.Length <= LongestName ? name : name[..(LongestName - 1)] + "…");
            chart.Text(left + width + 5, y + 12, "start", Label(value));
        }
        if (limit is var (words, at))
        {
            chart.Line("reference", (at, 0), (at, bars.Count));
            chart.Legend(("reference", words));
        }
        return chart;
    }

    /// <summary>A histogram: upright bars between the bounds of their buckets.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="xLabel">What the buckets divide.</param>
    /// <param name="yLabel">What the bars' height shows.</param>
    /// <param name="buckets">The bounds of each bucket and its height (0 or more), in order.</param>
    public static SvgChart Histogram(string title, string xLabel, string yLabel, IReadOnlyList<(double From, double To, double Value)> buckets)
    {
        var chart = new SvgChart(title, Axis.Within(buckets[0].From, buckets[^1].To), Axis.UpTo(buckets.Max(bucket => bucket.Value)));
        chart.Upright(xLabel, yLabel);
        foreach (var (from, to, value) in buckets)
        {
            var (x, y) = (chart.X(from), chart.Y(value));
            chart._svg.Append($"<rect class=\"bar\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(Math.Max(2, chart.X(to) - x - 1))}\" height=\"{N(chart.Y(0) - y)}\">")
                .Append($"<title>{Label(from)} to {Label(to)}: {Label(value)}</title></rect>");
        }
        return chart;
    }

    /// <summary>The chart as an <c>svg</c> element.</summary>
    public string ToSvg() =>
        $"<svg viewBox=\"0 0 {N(Width)} {N(_height)}\" width=\"{N(Width)}\" height=\"{N(_height)}\" role=\"img\" aria-label=\"{HtmlReport.Escape(_title)}\">"
        + $"<text class=\"title\" x=\"12\" y=\"16\">{HtmlReport.Escape(_title)}</text>{_svg}</svg>";

    private double X(double x) => _left + (_x.Share(x) * (Width - _left - _right));

    private double Y(double y) => _height - Bottom - (_y.Share(y) * (_height - Top - Bottom));

    private void Upright(string xLabel, string yLabel)
    {
        foreach (var y in _y.Ticks())
        {
            Line("axis", (_x.From, y), (_x.To, y));
            Text(_left - 6, Y(y) + 4, "end", Label(y));
        }
        foreach (var x in _x.Ticks())
        {
            Text(X(x), _height - Bottom + 16, "middle", Label(x));
        }
        Text((_left + Width - _right) / 2, _height - Bottom + 34, "middle", xLabel);
        _svg.Append($"<text transform=\"translate(12 {N((Top + _height - Bottom) / 2)}) rotate(-90)\" text-anchor=\"middle\">{HtmlReport.Escape(yLabel)}</text>");
    }

    private void Verticals(string xLabel)
    {
        foreach (var x in _x.Ticks())
        {
            Line("axis", (x, _y.From), (x, _y.To));
            Text(X(x), _height - Bottom + 16, "middle", Label(x));
        }
        Text((_left + Width - _right) / 2, _height - Bottom + 34, "middle", xLabel);
    }

    private void Line(string style, (double X, double Y) from, (double X, double Y) to) =>
        _svg.Append($"<path class=\"{style}\" d=\"M{N(X(from.X))} {N(Y(from.Y))}L{N(X(to.X))} {N(Y(to.Y))}\"/>");

    private void Text(double x, double y, string anchor, string text) =>
        _svg.Append($"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\">{HtmlReport.Escape(text)}</text>");

    private void Legend(params (string Style, string Name)[] entries)
    {
        var x = _left;
        foreach (var (style, name) in entries)
        {
            _svg.Append($"<path class=\"{style}\" d=\"M{N(x)} {N(_height - 9)}h18\"/>");
            Text(x + 24, _height - 5, "start", name);
            x += 44 + (name.Length * CharacterWidth);
        }
    }

    private static string Label(double value) => value.ToString(
        Math.Abs(value) is >= 1e7 or (< 1e-4 and > 0) ? "0.##e0" : Math.Abs(value) >= 1000 ? "N0" : "0.####", CultureInfo.InvariantCulture);

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
