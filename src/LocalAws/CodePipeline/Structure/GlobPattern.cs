using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>
/// The patterns of triggers: * (not /), ** (also /), ? and {a,b}: https://docs.aws.amazon.com/codepipeline/latest/userguide/syntax-glob.html
/// </summary>
internal static class GlobPattern
{
    /// <summary>Tells whether a name as a whole meets includes, if there are any, and none of the excludes.</summary>
    public static Func<string, bool> Filter(IReadOnlyList<string>? includes, IReadOnlyList<string>? excludes)
    {
        var (wanted, unwanted) = (includes?.Select(Compiled).ToList(), (excludes ?? []).Select(Compiled).ToList());
        return name => wanted?.Exists(p => p.IsMatch(name)) != false && !unwanted.Exists(p => p.IsMatch(name));
    }

    /// <summary>What is wrong with a pattern, or null.</summary>
    public static string? Fault(string pattern)
    {
        var isOpen = false;
        foreach (var c in pattern)
        {
            if (c is '{' or '}' && isOpen == (c == '{'))
            {
                return c == '{' ? "a { is in another one" : "a } has no { before it";
            }

            isOpen = c switch { '{' => true, '}' => false, _ => isOpen };
        }

        return isOpen ? "a { has no } after it" : null;
    }

    private static Regex Compiled(string pattern) => new(Expression(pattern), RegexOptions.NonBacktracking | RegexOptions.Singleline);

    private static string Expression(string pattern)
    {
        var (expression, isOpen) = (new StringBuilder(@"\A"), false);
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            if (c == '*' && i + 1 < pattern.Length && pattern[i + 1] == '*')
            {
                // src/** is what lies below src, and **/a is an a at the root too
                i++;
                var isFolder = i + 1 < pattern.Length && pattern[i + 1] == '/' && (i == 1 || pattern[i - 2] == '/');
                i += isFolder ? 1 : 0;
                expression.Append(isFolder ? "(?:.*/)?" : ".*");
                continue;
            }

            isOpen = c switch { '{' => true, '}' => false, _ => isOpen };
            expression.Append(c switch
            {
                '*' => "[^/]*",
                '?' => "[^/]",
                '{' => "(?:",
                '}' => ")",
                ',' when isOpen => "|",
                _ => Regex.Escape($"{c}"),
            });
        }

        return expression.Append(@"\z").ToString();
    }
}
