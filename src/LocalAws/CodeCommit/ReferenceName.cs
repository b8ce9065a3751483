using System.Buffers;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>The rules for names of branches and tags: https://git-scm.com/docs/git-check-ref-format</summary>
internal static class ReferenceName
{
    private static readonly SearchValues<char> Forbidden = SearchValues.Create(" ~^:?*[\\\u007f");

    /// <summary>The full name of a branch.</summary>
    public static string OfBranch(string name) => "refs/heads/" + name;

    /// <summary>What is wrong with a name, or null.</summary>
    public static string? Fault(string name) =>
        name.AsSpan().ContainsAny(Forbidden) || name.Any(char.IsControl) ? "it has a space, a control character or one of ~^:?*[\\"
        : name.Contains("..", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal) ? "it contains .. or @{"
        : name is "@" || name.StartsWith('-') || name.EndsWith('.') ? "it is @, starts with - or ends with a period"
        : name.Split('/').Any(p => p.Length == 0 || p[0] == '.' || p.EndsWith(".lock", StringComparison.Ordinal))
            ? "a part between slashes is empty, starts with a period or ends with .lock"
        : null;

    /// <summary>The full name of a branch that a request names.</summary>
    /// <exception cref="Aws.Wire.AwsException">InvalidBranchNameException.</exception>
    public static string RequireBranch(string name) =>
        Fault(name) is { } why ? throw CodeCommitErrors.InvalidBranch(name, why) : OfBranch(name);
}
