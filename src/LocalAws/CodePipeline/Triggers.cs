using System.Text.Json.Nodes;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.CodePipeline.Structure;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>
/// Starts pipelines whose triggers a push meets: https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html.
/// A push is kept in the transaction in which EventBridge takes its event, and forgotten in the one that starts what it
/// starts, so that a crash neither loses nor repeats it.
/// </summary>
internal sealed class Triggers : IResume, IAsyncDisposable
{
    private readonly Database _database;
    private readonly PipelineTable _table;
    private readonly ExecutionStarts _starts;
    private readonly CodeCommit.Git _git;
    private readonly ServerLog _log;
    private readonly WorkSignal _pushed = new();
    private readonly TimeProvider _time;
    private readonly BackgroundLoop _loop;

    public Triggers(Database database, PipelineTable table, ExecutionStarts starts, CodeCommit.Git git, ServerLog log, TimeProvider time)
    {
        _loop = new("CodePipeline's triggers", Work, log, time);
        (_database, _table, _starts, _git, _log, _time) = (database, table, starts, git, log, time);
        database.Define("CREATE TABLE IF NOT EXISTS codepipeline_push (number INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL)");
    }

    /// <summary>It starts executions, whose actions are looked for before.</summary>
    public int Turn => 3;

    /// <summary>Keeps an event that may start something.</summary>
    public void Take(JsonObject @event)
    {
        var isPush = (string?)@event["source"] == "aws.codecommit" && (string?)@event["detail"]?["event"] is "referenceCreated" or "referenceUpdated";
        if (!isPush || !_table.All().Exists(p => _table.Current(p).Triggers is { Count: > 0 }))
        {
            return;
        }

        _database.Write(c =>
        {
            c.Execute("INSERT INTO codepipeline_push (body) VALUES ($1)", @event["detail"]!.ToJsonString());
            _database.AfterCommit(_pushed.Wake);
        });
    }

    public Task Resume(CancellationToken cancellation)
    {
        _loop.Start();
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        _pushed.Dispose();
    }

    private async Task Work(CancellationToken stop)
    {
        foreach (var (number, push) in Kept())
        {
            await Start(number, push);
        }

        await _pushed.Wait(null, _time, stop);
    }

    private List<(long Number, Push Push)> Kept() => _database.Read(c => c.Query(
        "SELECT number, body FROM codepipeline_push ORDER BY number", r => (r.GetInt64(0), Push.Of(JsonNode.Parse(r.GetString(1))!.AsObject()))));

    private async Task Start(long number, Push push)
    {
        var met = new List<(string Pipeline, string Action)>();
        var changed = new Lazy<Task<List<string>>>(() => Changed(push));
        try
        {
            foreach (var pipeline in _table.All())
            {
                var structure = _table.Current(pipeline);
                foreach (var trigger in (structure.Triggers ?? []).Select(t => t.GitConfiguration))
                {
                    if (await Meets(trigger, structure.Stages[0].Actions.First(a => a.Name == trigger.SourceActionName), push, changed))
                    {
                        met.Add((pipeline.Name, trigger.SourceActionName));
                    }
                }
            }
        }
        catch (InvalidOperationException e)
        {
            // git could not compare the commits: the repository may have been deleted since
            _log.Write($"CodePipeline's triggers could not look at the push of {push.Commit} to {push.Repository}: {e.Message}");
        }

        _database.Write(c =>
        {
            c.Execute("DELETE FROM codepipeline_push WHERE number = $1", number);
            met.ForEach(m => Start(m.Pipeline, m.Action, push));
        });
    }

    private void Start(string name, string action, Push push) => _starts.TryStart(
        name, $"The push of {push.Commit} to {push.Repository}", new("WebhookV2", $"{push.Repository} {push.Reference}"), new()
        {
            SourceRevisions = [new(action, "COMMIT_ID", push.Commit)],
            Branches = push.IsTag ? new Dictionary<string, string>() : new() { [action] = push.Name },
        });

    private static async Task<bool> Meets(GitConfiguration trigger, ActionDeclaration source, Push push, Lazy<Task<List<string>>> changed)
    {
        if (source.Configuration!["RepositoryName"] != push.Repository)
        {
            return false;
        }

        if (trigger.Push is not { } filters)
        {
            return !push.IsTag && push.Name == source.Configuration["BranchName"];
        }

        foreach (var filter in filters)
        {
            if (push.IsTag ? filter.Tags is { } tags && GlobPattern.Filter(tags.Includes, tags.Excludes)(push.Name)
                : filter.Branches is { } branches && GlobPattern.Filter(branches.Includes, branches.Excludes)(push.Name)
                    && (filter.FilePaths is not { } paths || (await changed.Value).Any(GlobPattern.Filter(paths.Includes, paths.Excludes))))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The files that a push changed; of a new branch all files are new.</summary>
    private async Task<List<string>> Changed(Push push)
    {
        string[] compare = push.Before is { } before ? ["diff-tree", "-r", "-z", "--name-only", before, push.Commit] : ["ls-tree", "-r", "-z", "--name-only", "--full-tree", push.Commit];
        return [.. (await _git.Run(push.RepositoryId, compare)).Fields];
    }

    /// <param name="Repository">The repository's name.</param>
    /// <param name="RepositoryId">Its id.</param>
    /// <param name="Reference">The full name of what was pushed.</param>
    /// <param name="Name">The branch or the tag.</param>
    /// <param name="IsTag">Whether it is a tag.</param>
    /// <param name="Commit">The commit that it has now.</param>
    /// <param name="Before">The commit that it had, or null where it is new.</param>
    private sealed record Push(string Repository, string RepositoryId, string Reference, string Name, bool IsTag, string Commit, string? Before)
    {
        public static Push Of(JsonObject detail) => new(
            (string)detail["repositoryName"]!, (string)detail["repositoryId"]!, (string)detail["referenceFullName"]!, (string)detail["referenceName"]!,
            (string)detail["referenceType"]! == "tag", (string)detail["commitId"]!, (string?)detail["oldCommitId"]);
    }
}
