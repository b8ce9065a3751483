using System.Text.RegularExpressions;

namespace Slipway.Aws.Wire;

/// <summary>A pattern that whole texts are held against.</summary>
internal sealed class WholePattern(string pattern)
{
    // compiling takes as long as some thousand short texts
    private const int UsesToCompile = 2_000;
    // whether a text matches is all that is asked: what its groups match would be noted for nothing
    private const RegexOptions Common = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
    private Regex _regex = Make(pattern, Common);
    private int _uses;

    /// <summary>The pattern, as AWS's model has it.</summary>
    public string Text { get; } = pattern;

    public bool Matches(string text)
    {
        if (Interlocked.Increment(ref _uses) == UsesToCompile)
        {
            _regex = Make(Text, Common | RegexOptions.Compiled);
        }

        return _regex.IsMatch(text);
    }

    private static Regex Make(string pattern, RegexOptions options) => new($@"\A(?:{pattern})\z", options, TimeSpan.FromSeconds(1));
}
