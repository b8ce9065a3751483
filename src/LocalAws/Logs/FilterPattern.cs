using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Logs;

/// <summary>
/// What a search asks of a line: terms that it must have, <c>?terms</c> of which it must have one, <c>-terms</c> that it
/// must not have; a term in quotes may have spaces. Case counts. Patterns over JSON, columns and regular expressions are refused.
/// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
/// </summary>
internal sealed class FilterPattern
{
    private readonly List<string> _all = [];
    private readonly List<string> _any = [];
    private readonly List<string> _none = [];

    public static FilterPattern Parse(string text)
    {
        var pattern = new FilterPattern();
        if (text.TrimStart() is ['{' or '[' or '%', ..] special)
        {
            var kind = special[0] switch { '{' => "JSON", '[' => "columns", _ => "regular expressions" };
            throw AwsErrors.NotImplemented($"FilterLogEvents.filterPattern over {kind}");
        }

        var at = 0;
        while (at < text.Length)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var list = text[at] switch { '?' => pattern._any, '-' => pattern._none, _ => pattern._all };
            at += list == pattern._all ? 0 : 1;
            list.Add(Term(text, ref at));
        }

        return pattern;
    }

    public bool Matches(string line)
    {
        bool Has(string term) => line.Contains(term, StringComparison.Ordinal);
        // AWS ignores the optional terms where there are others
        return _all.TrueForAll(Has) && !_none.Exists(Has) && (_any.Count == 0 || _all.Count + _none.Count > 0 || _any.Exists(Has));
    }

    private static string Term(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] == '"')
        {
            var end = text.IndexOf('"', at + 1);
            at = end < 0 ? throw LogErrors.Invalid($"Invalid filter pattern: the quote at character {start + 1} has no end.") : end + 1;
            return text[(start + 1)..end];
        }

        while (at < text.Length && !char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        var term = text[start..at];
        return term.Length > 0 && term.All(ch => char.IsLetterOrDigit(ch) || ch is '_')
            ? term
            : throw LogErrors.Invalid($"Invalid filter pattern: the term '{term}' at character {start + 1} must be in quotes, since it is not only letters, digits and underscores.");
    }
}
