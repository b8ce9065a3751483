using System.Text;
using Slipway.Aws.CodeCommit;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>The commits of repositories: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_Commit.html</summary>
internal sealed class Commits(RepositoryStore store, GitObjects objects)
{
    private const int LargestBatch = 100;

    public async Task<GetCommit.Response> Get(GetCommit request)
    {
        var repository = store.Require(request.RepositoryName);
        return new(await Find(repository.RepositoryId, request.CommitId)
            ?? throw CodeCommitErrors.Of("CommitIdDoesNotExist", $"Commit {request.CommitId} does not exist"));
    }

    public async Task<BatchGetCommits.Response> BatchGet(BatchGetCommits request)
    {
        var repository = store.Require(request.RepositoryName);
        if (request.CommitIds.Count is 0 or > LargestBatch)
        {
            throw request.CommitIds.Count == 0
                ? CodeCommitErrors.Of("CommitIdsListRequired", "At least one commit id is required.")
                : CodeCommitErrors.Of("CommitIdsLimitExceeded", $"At most {LargestBatch} commit ids can be given; these are {request.CommitIds.Count}.");
        }

        var (commits, errors) = (new List<Commit>(), new List<BatchGetCommitsError>());
        foreach (var id in request.CommitIds.Distinct())
        {
            if (!GitObjects.IsId(id))
            {
                errors.Add(new(id, "InvalidCommitIdException", "The commit id must be a full SHA-1: 40 characters of 0-9 and a-f."));
            }
            else if (await Find(repository.RepositoryId, id) is { } commit)
            {
                commits.Add(commit);
            }
            else
            {
                errors.Add(new(id, "CommitIdDoesNotExistException", $"Commit {id} does not exist"));
            }
        }

        return new(commits, errors);
    }

    private async Task<Commit?> Find(string repositoryId, string id) =>
        await objects.FindCommit(repositoryId, id) is { } found ? Parse(id, Encoding.UTF8.GetString(await objects.Read(repositoryId, found))) : null;

    /// <summary>Reads git's form of a commit: headers, a blank line, the message. Lines that start with a space go on with the header before.</summary>
    internal static Commit Parse(string id, string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var headers = (end < 0 ? text : text[..end]).Split('\n').Select(l => l.Split(' ', 2)).Where(h => h.Length == 2).ToList();
        string Value(string name) => headers.First(h => h[0] == name)[1];
        var others = headers.Where(h => h[0] is not ("tree" or "parent" or "author" or "committer")).Select(h => string.Join(' ', h));
        return new(
            id, Value("tree"), [.. headers.Where(h => h[0] == "parent").Select(h => h[1])], end < 0 ? "" : text[(end + 2)..],
            User(Value("author")), User(Value("committer")), string.Join('\n', others));
    }

    private static UserInfo User(string line)
    {
        var (open, close) = (line.IndexOf('<'), line.LastIndexOf('>'));
        return new(line[..open].Trim(), line[(open + 1)..close], line[(close + 1)..].Trim());
    }
}
