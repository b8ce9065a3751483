using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>The files of a build that patterns name: <c>*</c> and <c>?</c> stay inside a part of a path, <c>**</c> goes over any number of them.</summary>
internal static class FileSet
{
    /// <summary>As long as a key of S3 in bytes; an expression takes the more memory the longer it is.</summary>
    private const int LongestPattern = 1024;
    private const int Shown = 100;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The files below a folder that patterns name and others do not, by their path below it, in its order. Links are left
    /// out, because they could lead out of the build's folder, and what is no file, such as a pipe.
    /// </summary>
    public static SortedDictionary<string, string> Find(string folder, IEnumerable<string> patterns, IEnumerable<string> excluded)
    {
        var (wanted, unwanted) = (patterns.Select(Expression).ToList(), excluded.Select(Expression).ToList());
        if (wanted.Count == 0)
        {
            return [];
        }

        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder, "*", Options))
        {
            var path = Path.GetRelativePath(folder, file);
            if (wanted.Exists(p => p.IsMatch(path)) && !unwanted.Exists(p => p.IsMatch(path)) && Containers.Folders.IsFile(file))
            {
                found[path] = file;
            }
        }

        return found;
    }

    /// <summary>The folders below another that a pattern names; a plain path names one.</summary>
    public static IReadOnlyList<string> Folders(string folder, string? pattern)
    {
        var plain = Plain(pattern ?? "");
        if (plain.Length == 0 || plain == ".")
        {
            return [folder];
        }

        if (plain.IndexOfAny(['*', '?']) < 0)
        {
            var one = Path.GetFullPath(Path.Combine(folder, plain));
            return Directory.Exists(one) && (one + "/").StartsWith(folder + "/", StringComparison.Ordinal) && !Containers.Folders.IsLinked(folder, Path.GetRelativePath(folder, one)) ? [one] : [];
        }

        var expression = Expression(plain);
        return [.. Directory.EnumerateDirectories(folder, "*", Options).Where(d => expression.IsMatch(Path.GetRelativePath(folder, d))).Order(StringComparer.Ordinal)];
    }

    private static EnumerationOptions Options => new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint };

    private static string Plain(string pattern)
    {
        var plain = pattern.Trim();
        while (plain.StartsWith("./", StringComparison.Ordinal))
        {
            plain = plain[2..];
        }

        return plain.TrimEnd('/');
    }

    private static Regex Expression(string pattern)
    {
        var expression = new StringBuilder(@"\A");
        var text = Plain(pattern);
        if (text.Length > LongestPattern)
        {
            throw new BuildFailure(BuildFailure.Client, $"the path '{text[..Shown]}…' is too long: it has {text.Length} characters, and may have {LongestPattern}");
        }

        for (var i = 0; i < text.Length; i++)
        {
            if (text[i..].StartsWith("**/", StringComparison.Ordinal))
            {
                expression.Append("(.*/)?");
                i += 2;
            }
            else if (text[i..].StartsWith("**", StringComparison.Ordinal))
            {
                expression.Append(".*");
                i++;
            }
            else
            {
                expression.Append(text[i] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        return new(expression.Append(@"\z").ToString(), RegexOptions.CultureInvariant | RegexOptions.Singleline | RegexOptions.NonBacktracking, Longest);
    }
}
