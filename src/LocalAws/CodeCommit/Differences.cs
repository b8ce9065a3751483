using Slipway.Aws.CodeCommit;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>What differs between two commits: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetDifferences.html</summary>
internal sealed class Differences(RepositoryStore store, GitObjects objects, Git git)
{
    private const int DefaultPage = 100;
    private const string EmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

    public async Task<GetDifferences.Response> Get(GetDifferences request)
    {
        var repository = store.Require(request.RepositoryName);
        var after = await objects.Resolve(repository, request.AfterCommitSpecifier);
        var before = request.BeforeCommitSpecifier is { } name ? await objects.Resolve(repository, name) : EmptyTree;
        var path = RepositoryPath.OfFolder(request.AfterPath ?? request.BeforePath ?? "");
        if (request.BeforePath is { } other && RepositoryPath.OfFolder(other) != path)
        {
            throw AwsErrors.NotImplemented("GetDifferences with a beforePath other than its afterPath");
        }

        if (path.Length > 0 && (await objects.Find(repository.RepositoryId, $"{before}:{path}", $"{after}:{path}")).All(o => o is null))
        {
            throw CodeCommitErrors.Of("PathDoesNotExist", $"The path {path} is in neither commit");
        }

        var changed = (await Compare(repository.RepositoryId, before, after)).Where(d => RepositoryPath.IsAtOrBelow(PathOf(d), path));
        var page = Page.Of(changed, PathOf, request.NextToken, request.MaxResults ?? DefaultPage, CodeCommitErrors.InvalidToken);
        return new(page.Items, page.NextToken);
    }

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
