using Slipway.Aws.CodeCommit;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>
/// What differs between two commits: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetDifferences.html.
/// A beforePath beside another afterPath is a folder or a file that was renamed, as it is told there.
/// </summary>
internal sealed class Differences(RepositoryStore store, GitObjects objects, Git git)
{
    private const int DefaultPage = 100;
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    public async Task<GetDifferences.Response> Get(GetDifferences request)
    {
        var repository = store.Require(request.RepositoryName);
        var after = await objects.Resolve(repository, request.AfterCommitSpecifier);
        var before = request.BeforeCommitSpecifier is { } name ? await objects.Resolve(repository, name) : EmptyTree;
        var afterPath = RepositoryPath.OfFolder(request.AfterPath ?? request.BeforePath ?? "");
        var beforePath = RepositoryPath.OfFolder(request.BeforePath ?? request.AfterPath ?? "");
        await CheckPaths(repository, $"{before}:{beforePath}", $"{after}:{afterPath}");
        var changed = beforePath == afterPath
            ? (await Compare(repository.RepositoryId, before, after)).Where(d => RepositoryPath.IsAtOrBelow(PathOf(d), afterPath))
            : Match(await FilesOf(repository.RepositoryId, before, beforePath), await FilesOf(repository.RepositoryId, after, afterPath));
        var page = Page.Of(changed, PathOf, request.NextToken, request.MaxResults ?? DefaultPage, CodeCommitErrors.InvalidToken);
        return new(page.Items, page.NextToken);
    }

    private async Task CheckPaths(Repository repository, params string[] sides)
    {
        if ((await objects.Find(repository.RepositoryId, sides)).All(o => o is null))
        {
            throw CodeCommitErrors.Of("PathDoesNotExist", $"The path {string.Join(" or ", sides.Select(s => s.Split(':', 2)[1]).Distinct())} is in neither commit");
        }
    }

    /// <summary>The files at or below a path, by the rest of their paths.</summary>
    private async Task<Dictionary<string, BlobMetadata>> FilesOf(string repositoryId, string tree, string path) =>
        (await objects.List(repositoryId, tree, path, recursive: true)).ToDictionary(e => e.Path[path.Length..].TrimStart('/'), e => new BlobMetadata(e.Id, e.Path, e.Mode));

    /// <summary>What differs where a folder or a file has another name after: what has the same rest of a path is one file.</summary>
    private static IEnumerable<Difference> Match(Dictionary<string, BlobMetadata> before, Dictionary<string, BlobMetadata> after) =>
        from rest in before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
        let old = before.GetValueOrDefault(rest)
        let changed = after.GetValueOrDefault(rest)
        where old?.BlobId != changed?.BlobId || old?.Mode != changed?.Mode
        select new Difference(old is null ? "A" : changed is null ? "D" : "M", old, changed);

    private static string PathOf(Difference difference) => (difference.AfterBlob ?? difference.BeforeBlob)!.Path;

    private async Task<IEnumerable<Difference>> Compare(string repositoryId, string before, string after)
    {
        var answer = await git.Run(repositoryId, ["diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", before, after]);
        return answer.Fields.Chunk(2).Select(d => Read(d[0], d[1]));
    }

    /// <summary>Reads git's raw form: <c>:OLDMODE NEWMODE OLDID NEWID STATUS</c>. A change of type (T), such as of a file to a link, is a modification.</summary>
    private static Difference Read(string line, string path)
    {
        var parts = line[1..].Split(' ');
        var (old, changed) = (new BlobMetadata(parts[2], path, parts[0]), new BlobMetadata(parts[3], path, parts[1]));
        return parts[4] switch
        {
            "A" => new("A", AfterBlob: changed),
            "D" => new("D", BeforeBlob: old),
            _ => new("M", old, changed),
        };
    }
}
