using System.Text;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>An object of git's: its id, its type (blob, tree, commit, tag) and its size in bytes.</summary>
internal sealed record GitObject(string Id, string Type, long Size);

/// <summary>An entry of a tree; the mode is git's, such as <c>100644</c>, and the path starts at the root of the commit.</summary>
internal sealed record TreeEntry(string Mode, string Type, string Id, string Path)
{
    /// <summary>The mode in CodeCommit's words.</summary>
    public string FileMode => Mode switch
    {
        "100755" => "EXECUTABLE",
        "120000" => "SYMLINK",
        _ => "NORMAL",
    };
}

/// <summary>Reads the objects of a repository.</summary>
internal sealed class GitObjects(Git git)
{
    private const int IdLength = 40;

    /// <summary>Whether a text is a whole id, a SHA-1 in git's form.</summary>
    public static bool IsId(string text) => text.Length == IdLength && text.All(char.IsAsciiHexDigitLower);

    /// <summary>The objects that names stand for, in their order; null for each that is not there.</summary>
    public async Task<IReadOnlyList<GitObject?>> Find(string repositoryId, params IEnumerable<string> names)
    {
        var input = Encoding.UTF8.GetBytes(string.Concat(names.Select(n => n + "\n")));
        var lines = (await git.Run(repositoryId, ["cat-file", "--batch-check"], input)).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(l => l.Split(' ') is [var id, var type, var size] && long.TryParse(size, out var bytes) ? new GitObject(id, type, bytes) : null)];
    }

    /// <summary>The content of an object.</summary>
    public async Task<byte[]> Read(string repositoryId, GitObject found) => (await git.Run(repositoryId, ["cat-file", found.Type, found.Id])).Output;

    /// <summary>A commit by its id or by a full reference, or null.</summary>
    public async Task<GitObject?> FindCommit(string repositoryId, string name) => (await Find(repositoryId, name))[0] is { Type: "commit" } commit ? commit : null;

    /// <summary>The id of the commit that a request names: by its id, a branch, a tag, HEAD or a full reference; null where it is the default branch's tip.</summary>
    /// <exception cref="AwsException">InvalidCommitException or CommitDoesNotExistException.</exception>
    public async Task<string> Resolve(Repository repository, string? specifier)
    {
        var name = specifier ?? repository.DefaultBranch
            ?? throw CodeCommitErrors.Of("CommitDoesNotExist", $"No commit is named, and {repository.RepositoryName} has no default branch yet.");
        if (ReferenceName.Fault(name) is { } why)
        {
            throw CodeCommitErrors.Of("InvalidCommit", $"{name} names no commit: {why}.");
        }

        // an abbreviated id is none of these, as in AWS
        var whole = name == "HEAD" || name.StartsWith("refs/", StringComparison.Ordinal) || IsId(name);
        string[] candidates = whole ? [name] : ["refs/heads/" + name, "refs/tags/" + name];
        return (await Find(repository.RepositoryId, candidates.Select(c => c + "^{commit}"))).FirstOrDefault(o => o is not null)?.Id
            ?? throw CodeCommitErrors.NoCommit(name);
    }

    /// <summary>The entries of a tree.</summary>
    /// <param name="repositoryId">The repository.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="path">A path whose own entry is meant; a folder's with a slash at its end: what lies in it; empty: all entries of the root.</param>
    /// <param name="recursive">Whether to give every file below instead of the folders.</param>
    public async Task<IReadOnlyList<TreeEntry>> List(string repositoryId, string commit, string path = "", bool recursive = false)
    {
        string[] flags = recursive ? ["-r"] : [];
        string[] paths = path.Length == 0 ? [] : ["--", path];
        var answer = await git.Run(repositoryId, ["ls-tree", "-z", "--full-tree", .. flags, commit, .. paths]);
        return [.. answer.Fields.Select(Entry)];
    }

    private static TreeEntry Entry(string line)
    {
        var tab = line.IndexOf('\t');
        var parts = line[..tab].Split(' ');
        return new(parts[0], parts[1], parts[2], line[(tab + 1)..]);
    }
}
