using System.Net;
using System.Text;

namespace Slipway.Steps.Reports;

/// <summary>
/// A report page that stands by itself: one HTML file, no script, nothing loaded from elsewhere. Text is escaped here;
/// charts come from <see cref="SvgChart"/>.
/// </summary>
internal sealed class HtmlReport(string title)
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #59636e; --line: #d1d9e0; --paper: #fff; --bad: #b42318; --warn: #9a6700; --good: #1a7f37; --mark: #0969da; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9198a1; --line: #3d444d; --paper: #0d1117; --bad: #ff7b72; --warn: #d29922; --good: #3fb950; --mark: #58a6ff; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid var(--line); }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; margin: .5rem 0; } th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--line); text-align: left; }
        td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; } td.number { white-space: nowrap; }
        .error, .warning, .good { border-left: 4px solid; padding: .25rem .75rem; margin: .5rem 0; } .error { border-color: var(--bad); } .warning { border-color: var(--warn); } .good { border-color: var(--good); }
        .charts { display: flex; flex-wrap: wrap; align-items: flex-start; gap: 1rem; } svg { max-width: 100%; height: auto; } svg text { fill: var(--soft); font: 11px system-ui, sans-serif; } svg .title { fill: var(--ink); font-size: 13px; font-weight: 600; }
        svg .axis { stroke: var(--line); fill: none; } svg .reference { stroke: var(--soft); stroke-dasharray: 4 3; fill: none; }
        svg .bar { fill: var(--mark); } svg .curve { stroke: var(--mark); fill: none; stroke-width: 2; }
        """;

    private readonly StringBuilder _body = new();

    /// <summary>Begins a section.</summary>
    public HtmlReport Section(string heading) => Add($"<h2>{Escape(heading)}</h2>");

    /// <summary>Adds a paragraph.</summary>
    public HtmlReport Paragraph(string text) => Add($"<p>{Escape(text)}</p>");

    /// <summary>Adds a paragraph that stands out.</summary>
    public HtmlReport Notice(NoticeKind kind, string text) =>
        Add($"<p class=\"{kind.ToString().ToLowerInvariant()}\">{Escape(text)}</p>");

    /// <summary>Adds a table; columns whose every cell is a number stand to the right.</summary>
    /// <param name="headers">The head's cells.</param>
    /// <param name="rows">The rows, each with as many cells as the head.</param>
    public HtmlReport Table(IReadOnlyList<string> headers, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var classes = headers.Select((_, i) => rows.Count > 0 && rows.All(row => IsNumber(row[i])) ? " class=\"number\"" : "").ToList();
        _body.Append("<div class=\"scroll\"><table><thead><tr>");
        _body.AppendJoin("", headers.Select((header, i) => $"<th{classes[i]}>{Escape(header)}</th>"));
        _body.Append("</tr></thead><tbody>");
        foreach (var row in rows)
        {
            _body.Append("<tr>").AppendJoin("", row.Select((cell, i) => $"<td{classes[i]}>{Escape(cell)}</td>")).Append("</tr>");
        }
        return Add("</tbody></table></div>");
    }

    /// <summary>Adds charts side by side, as many as the page is wide.</summary>
    public HtmlReport Charts(IEnumerable<SvgChart> charts) =>
        Add($"<div class=\"charts\">{string.Concat(charts.Select(chart => chart.ToSvg()))}</div>");

    /// <summary>The whole page.</summary>
    public string ToHtml() => $"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{Escape(title)}</title><style>{Style}</style></head>
        <body><h1>{Escape(title)}</h1>
        {_body}</body></html>

        """;

    /// <summary>Escapes text for HTML and SVG.</summary>
    internal static string Escape(string text) => WebUtility.HtmlEncode(text);

    private static bool IsNumber(string cell) =>
        cell.Length == 0 || char.IsAsciiDigit(cell[0]) || (cell.Length > 1 && cell[0] is '-' or '+' && char.IsAsciiDigit(cell[1]));

    private HtmlReport Add(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }
}

/// <summary>How a paragraph stands out.</summary>
internal enum NoticeKind
{
    /// <summary>Something failed.</summary>
    Error,

    /// <summary>Something to look at.</summary>
    Warning,

    /// <summary>Something is as it should be.</summary>
    Good,
}
