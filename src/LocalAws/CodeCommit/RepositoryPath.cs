using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>Paths of files and folders in a commit, from its root and without a slash at either end.</summary>
internal static class RepositoryPath
{
    /// <summary>The path of a file that a request names.</summary>
    /// <exception cref="AwsException">InvalidPathException.</exception>
    public static string OfFile(string path) => path.EndsWith('/') ? throw CodeCommitErrors.InvalidPath(path, "a file's does not end in a slash") : Of(path);

    /// <summary>The path of a folder, or of a file, that a request names; empty for the root.</summary>
    /// <exception cref="AwsException">InvalidPathException.</exception>
    public static string OfFolder(string path) => path is "" or "/" ? "" : Of(path.EndsWith('/') ? path[..^1] : path);

    /// <summary>The folder that a path lies in; empty for the root.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "";

    /// <summary>Whether a path is another one or lies below it.</summary>
    public static bool IsAtOrBelow(string path, string folder) =>
        folder.Length == 0 || path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static string Of(string given)
    {
        var path = given.StartsWith('/') ? given[1..] : given;
        return path.Any(char.IsControl) ? throw CodeCommitErrors.InvalidPath(given, "it has a control character")
            : path.Split('/').FirstOrDefault(p => p is "" or "." or ".." || p.Equals(".git", StringComparison.OrdinalIgnoreCase)) is { } part
                ? throw CodeCommitErrors.InvalidPath(given, $"a part between slashes is '{part}'")
            : path;
    }
}
