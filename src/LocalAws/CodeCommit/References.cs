using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Slipway.LocalAws.EventBridge;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>
/// The branches and tags of repositories, and the events that tell of their changes. git keeps the references; the
/// database keeps what has been announced of them. An announcement compares the two and commits the difference together
/// with its events, so that a crash in between loses no event and repeats none.
/// </summary>
internal sealed class References : IResume
{
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new();
    private readonly Database _database;
    private readonly Git _git;
    private readonly RepositoryStore _repositories;
    private readonly EventBus _events;
    private readonly TimeProvider _time;

    public References(Database database, Git git, RepositoryStore repositories, EventBus events, TimeProvider time)
    {
        (_database, _git, _repositories, _events, _time) = (database, git, repositories, events, time);
        database.Define("""
            CREATE TABLE IF NOT EXISTS codecommit_reference (
                repository TEXT, name TEXT, commit_id TEXT NOT NULL, PRIMARY KEY (repository, name)) WITHOUT ROWID
            """);
    }

    /// <summary>Removes folders that no record names, and announces what was changed before the process ended.</summary>
    public async Task Resume(CancellationToken cancellation)
    {
        var repositories = _repositories.Table.All();
        var known = repositories.Select(r => _git.FolderOf(r.RepositoryId)).ToHashSet();
        foreach (var folder in Directory.Exists(_git.Folder) ? Directory.GetDirectories(_git.Folder) : [])
        {
            if (!known.Contains(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }

        foreach (var repository in repositories)
        {
            await Announce(repository.RepositoryId, $"arn:aws:iam::{repository.AccountId}:root");
        }
    }

    /// <summary>Changes references by git, one change at a time in a repository, and announces what changed.</summary>
    /// <param name="repositoryId">The repository.</param>
    /// <param name="user">The ARN of whoever changes them.</param>
    /// <param name="change">The change.</param>
    public async Task<T> Change<T>(string repositoryId, string user, Func<Task<T>> change)
    {
        var gate = _locks.GetOrAdd(repositoryId, static _ => new(1));
        await gate.WaitAsync();
        try
        {
            var result = await change();
            await Compare(repositoryId, user);
            return result;
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Announces what a push changed.</summary>
    public Task Announce(string repositoryId, string user) => Change(repositoryId, user, () => Task.FromResult(true));

    /// <summary>Forgets a repository that is deleted. Call it in the transaction that deletes it.</summary>
    public void Forget(string repositoryId) =>
        _database.Write(c => c.Execute("DELETE FROM codecommit_reference WHERE repository = $1", repositoryId));

    /// <summary>The commits that references point to, by full name and in its order; an annotated tag stands for its commit.</summary>
    /// <param name="repositoryId">The repository.</param>
    /// <param name="under">A full name, or a prefix that ends before a slash.</param>
    public async Task<IReadOnlyList<(string Name, string CommitId)>> List(string repositoryId, params IEnumerable<string> under)
    {
        const string format = "--format=%(if)%(*objectname)%(then)%(*objectname)%(else)%(objectname)%(end) %(refname)";
        var lines = (await _git.Run(repositoryId, ["for-each-ref", format, .. under])).Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return [.. lines.Select(l => (l[41..], l[..40]))];
    }

    /// <summary>The commit at the tip of a branch, or null where there is no such branch.</summary>
    public async Task<string?> Tip(string repositoryId, string reference) =>
        (await List(repositoryId, reference)).FirstOrDefault(r => r.Name == reference).CommitId;

    /// <summary>The commit that a reference was last announced to point to, or null.</summary>
    public string? Announced(string repositoryId, string reference) => _database.Read(c => c.Query(
        "SELECT commit_id FROM codecommit_reference WHERE repository = $1 AND name = $2", r => r.GetString(0), repositoryId, reference)).FirstOrDefault();

    /// <summary>Makes git's HEAD name a branch: clones check it out, and pushes can't delete it.</summary>
    public async Task PointHead(string repositoryId, string branch)
    {
        var head = (await File.ReadAllTextAsync(Path.Combine(_git.FolderOf(repositoryId), "HEAD"))).Trim();
        if (head != $"ref: {ReferenceName.OfBranch(branch)}")
        {
            await _git.Run(repositoryId, ["symbolic-ref", "HEAD", ReferenceName.OfBranch(branch)]);
        }
    }

    private async Task Compare(string repositoryId, string user)
    {
        if (_repositories.OfId(repositoryId) is not { } before)
        {
            return;
        }

        var now = (await List(repositoryId, "refs/heads", "refs/tags")).ToDictionary(r => r.Name, r => r.CommitId);
        var first = before.DefaultBranch ?? FirstBranch(now.Keys);
        if (first is not null)
        {
            await PointHead(repositoryId, first);
        }

        _database.Write(_ =>
        {
            if (_repositories.OfId(repositoryId) is { } repository && Commit(repository, now, user))
            {
                _repositories.Table.Update(repository with { DefaultBranch = repository.DefaultBranch ?? first, LastModifiedDate = _time.GetUtcNow() });
            }
        });
    }

    /// <summary>The first branch of a repository is its default one; of several that came at once, the one that git itself would take.</summary>
    private static string? FirstBranch(IEnumerable<string> references)
    {
        var branches = references.Where(r => r.StartsWith("refs/heads/", StringComparison.Ordinal)).Select(r => r["refs/heads/".Length..]).ToList();
        return branches.Contains("main") ? "main" : branches.FirstOrDefault();
    }

    private bool Commit(Repository repository, Dictionary<string, string> now, string user) => _database.Write(c =>
    {
        var before = c.Query(
            "SELECT name, commit_id FROM codecommit_reference WHERE repository = $1", r => (r.GetString(0), r.GetString(1)), repository.RepositoryId)
            .ToDictionary(r => r.Item1, r => r.Item2);
        var changed = now.Keys.Union(before.Keys).Where(n => now.GetValueOrDefault(n) != before.GetValueOrDefault(n)).Order(StringComparer.Ordinal).ToList();
        foreach (var name in changed)
        {
            var (from, to) = (before.GetValueOrDefault(name), now.GetValueOrDefault(name));
            if (to is null)
            {
                c.Execute("DELETE FROM codecommit_reference WHERE repository = $1 AND name = $2", repository.RepositoryId, name);
            }
            else
            {
                c.Execute(
                    "INSERT INTO codecommit_reference (repository, name, commit_id) VALUES ($1, $2, $3) ON CONFLICT DO UPDATE SET commit_id = $3",
                    repository.RepositoryId, name, to);
            }

            _events.Publish("aws.codecommit", "CodeCommit Repository State Change", [repository.Arn], Detail(repository, name, from, to, user));
        }

        return changed.Count > 0;
    });

    /// <summary>The event's detail: https://docs.aws.amazon.com/codecommit/latest/userguide/monitoring-events.html</summary>
    private static JsonObject Detail(Repository repository, string name, string? from, string? to, string user)
    {
        var detail = new JsonObject
        {
            ["callerUserArn"] = user,
            ["event"] = from is null ? "referenceCreated" : to is null ? "referenceDeleted" : "referenceUpdated",
            ["repositoryName"] = repository.RepositoryName,
            ["repositoryId"] = repository.RepositoryId,
            ["referenceType"] = name.StartsWith("refs/tags/", StringComparison.Ordinal) ? "tag" : "branch",
            ["referenceName"] = name.Split('/', 3)[2],
            ["referenceFullName"] = name,
        };
        if (to is not null)
        {
            detail["commitId"] = to;
        }

        if (from is not null)
        {
            detail["oldCommitId"] = from;
        }

        return detail;
    }
}
