using System.Globalization;
using System.Text;

namespace Slipway.Steps.Reports;

/// <summary>
/// A small chart as inline SVG, in the colours of <see cref="HtmlReport"/>. Drawn here and not by a plotting library: a
/// step starts in a tenth of a second, and the same numbers give the same bytes.
/// </summary>
internal sealed class SvgChart
{
    private const double Width = 440, Height = 300, Left = 56, Right = 12, Top = 40, Bottom = 56;

    private readonly StringBuilder _svg = new();
    private readonly string _title;
    private readonly double _minX, _maxX, _minY, _maxY;

    private SvgChart(string title, double minX, double maxX, double minY, double maxY)
    {
        (_title, _minX, _minY) = (title, minX, minY);
        // A range without width is drawn as one unit.
        (_maxX, _maxY) = (maxX > minX ? maxX : minX + 1, maxY > minY ? maxY : minY + 1);
    }

    /// <summary>A chart of lines over a numeric axis.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="xLabel">What the horizontal axis shows.</param>
    /// <param name="yLabel">What the vertical axis shows.</param>
    /// <param name="lines">Up to four lines by name; points in order of x.</param>
    /// <param name="diagonal">Draws the line from corner to corner: chance, or perfect calibration.</param>
    /// <param name="unit">Both axes run from 0 to 1 whatever the points.</param>
    public static SvgChart Lines(string title, string xLabel, string yLabel,
        IReadOnlyList<(string Name, IReadOnlyList<(double X, double Y)> Points)> lines, bool diagonal = false, bool unit = false)
    {
        var points = lines.SelectMany(line => line.Points).ToList();
        var chart = unit || points.Count == 0
            ? new SvgChart(title, 0, 1, 0, 1)
            : new SvgChart(title, points.Min(p => p.X), points.Max(p => p.X), Math.Min(0, points.Min(p => p.Y)), points.Max(p => p.Y));
        chart.Axes(xLabel, yLabel, numericX: true);
        if (diagonal)
        {
            chart._svg.Append($"<path class=\"reference\" d=\"M{N(Left)} {N(Height - Bottom)}L{N(Width - Right)} {N(Top)}\"/>");
        }
        for (var i = 0; i < lines.Count; i++)
        {
            var path = string.Join('L', lines[i].Points.Select(p => $"{N(chart.X(p.X))} {N(chart.Y(p.Y))}"));
            chart._svg.Append(path.Length == 0 ? "" : $"<path class=\"l{i % 4}\" d=\"M{path}\"/>");
        }
        chart.Legend([.. lines.Select(line => line.Name)]);
        return chart;
    }

    /// <summary>A chart of upright bars, several a label where there are several series.</summary>
    /// <param name="title">The chart's title.</param>
    /// <param name="yLabel">What the bars' height shows.</param>
    /// <param name="labels">One label a place.</param>
    /// <param name="series">Up to four series by name, each with one value (0 or more) a label.</param>
    public static SvgChart Bars(string title, string yLabel, IReadOnlyList<string> labels,
        IReadOnlyList<(string Name, IReadOnlyList<double> Values)> series)
    {
        var chart = new SvgChart(title, 0, Math.Max(1, labels.Count), 0, series.SelectMany(s => s.Values).DefaultIfEmpty(1).Max());
        chart.Axes("", yLabel, numericX: false);
        var width = 0.8 / Math.Max(1, series.Count);
        for (var i = 0; i < labels.Count; i++)
        {
            for (var s = 0; s < series.Count; s++)
            {
                var (x, y) = (chart.X(i + 0.1 + (s * width)), chart.Y(series[s].Values[i]));
                chart._svg.Append($"<rect class=\"b{s % 4}\" x=\"{N(x)}\" y=\"{N(y)}\" width=\"{N(chart.X(width) - chart.X(0))}\" height=\"{N(Height - Bottom - y)}\">")
                    .Append($"<title>{HtmlReport.Escape($"{labels[i]}: {Label(series[s].Values[i])}")}</title></rect>");
            }
            chart.BarLabel(labels[i], i, labels.Count);
        }
        chart.Legend([.. series.Select(s => s.Name)]);
        return chart;
    }

    /// <summary>The chart as an <c>svg</c> element.</summary>
    public string ToSvg() =>
        $"<svg viewBox=\"0 0 {N(Width)} {N(Height)}\" width=\"{N(Width)}\" height=\"{N(Height)}\" role=\"img\" aria-label=\"{HtmlReport.Escape(_title)}\">"
        + $"<text class=\"title\" x=\"{N(Left)}\" y=\"16\">{HtmlReport.Escape(_title)}</text>{_svg}</svg>";

    private double X(double x) => Left + ((x - _minX) / (_maxX - _minX) * (Width - Left - Right));

    private double Y(double y) => Height - Bottom - ((y - _minY) / (_maxY - _minY) * (Height - Top - Bottom));

    private void Axes(string xLabel, string yLabel, bool numericX)
    {
        for (var i = 0; i <= 4; i++)
        {
            var y = _minY + ((_maxY - _minY) * i / 4);
            _svg.Append($"<path class=\"axis\" d=\"M{N(Left)} {N(Y(y))}H{N(Width - Right)}\"/>");
            _svg.Append($"<text x=\"{N(Left - 6)}\" y=\"{N(Y(y) + 4)}\" text-anchor=\"end\">{Label(y)}</text>");
            if (numericX)
            {
                var x = _minX + ((_maxX - _minX) * i / 4);
                _svg.Append($"<text x=\"{N(X(x))}\" y=\"{N(Height - Bottom + 16)}\" text-anchor=\"middle\">{Label(x)}</text>");
            }
        }
        _svg.Append($"<text x=\"{N((Left + Width - Right) / 2)}\" y=\"{N(Height - 22)}\" text-anchor=\"middle\">{HtmlReport.Escape(xLabel)}</text>");
        _svg.Append($"<text transform=\"translate(12 {N((Top + Height - Bottom) / 2)}) rotate(-90)\" text-anchor=\"middle\">{HtmlReport.Escape(yLabel)}</text>");
    }

    private void BarLabel(string label, int place, int count)
    {
        var room = (int)((Width - Left - Right) / count / 6);
        var text = label.Length <= Math.Max(3, room) ? label : string.Concat(label.AsSpan(0, Math.Max(2, room - 1)), "…");
        _svg.Append($"<text x=\"{N(X(place + 0.5))}\" y=\"{N(Height - Bottom + 16)}\" text-anchor=\"middle\">{HtmlReport.Escape(text)}</text>");
    }

    private void Legend(IReadOnlyList<string> names)
    {
        if (names.Count < 2)
        {
            return;
        }
        var x = Left;
        for (var i = 0; i < names.Count; i++)
        {
            _svg.Append($"<rect class=\"b{i % 4}\" x=\"{N(x)}\" y=\"{N(Height - 14)}\" width=\"10\" height=\"10\"/><text x=\"{N(x + 14)}\" y=\"{N(Height - 5)}\">{HtmlReport.Escape(names[i])}</text>");
            x += 30 + (names[i].Length * 6.5);
        }
    }

    private static string Label(double value) => value.ToString(Math.Abs(value) >= 1000 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
