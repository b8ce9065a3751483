using System.Text;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>Where a commit goes, whose it is and what it says.</summary>
/// <param name="BranchName">The branch.</param>
/// <param name="ParentCommitId">The branch's tip, or null in a repository without commits.</param>
/// <param name="Author">The author's and committer's name, or null for the ARN of who asks.</param>
/// <param name="Email">Their email address.</param>
/// <param name="Message">The message.</param>
internal sealed record NewCommit(string BranchName, string? ParentCommitId, string? Author, string? Email, string? Message);

/// <summary>A commit that was made: its id, its tree's and what it changed.</summary>
internal sealed record MadeCommit(string CommitId, string TreeId, IReadOnlyList<(string Path, TreeFile? Before, TreeFile? After)> Changes);

/// <summary>Makes commits at the tips of branches, through git's fast-import: https://git-scm.com/docs/git-fast-import</summary>
internal sealed class CommitWriter(References references, GitObjects objects, Git git, TimeProvider time)
{
    /// <summary>Makes a commit.</summary>
    /// <param name="repository">The repository.</param>
    /// <param name="commit">Where it goes.</param>
    /// <param name="user">The ARN of who asks.</param>
    /// <param name="change">Changes the files of the parent.</param>
    /// <exception cref="Aws.Wire.AwsException">The branch, the parent or a change is not valid, or nothing changes.</exception>
    public async Task<MadeCommit> Write(Repository repository, NewCommit commit, string user, Action<FileTree> change)
    {
        var reference = ReferenceName.RequireBranch(commit.BranchName);
        return await references.Change(repository.RepositoryId, user, async () =>
        {
            await CheckParent(repository, reference, commit);
            var tree = new FileTree(commit.ParentCommitId is { } parent ? await objects.List(repository.RepositoryId, parent, recursive: true) : []);
            change(tree);
            if (tree.Changes.Count == 0)
            {
                throw CodeCommitErrors.Of("NoChange", "The commit would change nothing.");
            }

            return await Import(repository.RepositoryId, reference, commit, user, tree);
        });
    }

    private async Task CheckParent(Repository repository, string reference, NewCommit commit)
    {
        var tip = await references.Tip(repository.RepositoryId, reference);
        if (tip is null)
        {
            await CheckNewBranch(repository, commit);
        }
        else if (commit.ParentCommitId is null)
        {
            throw CodeCommitErrors.Of("ParentCommitIdRequired", $"Branch {commit.BranchName} is at {tip}: give its commit id as the parent's.");
        }
        else if (await objects.FindCommit(repository.RepositoryId, commit.ParentCommitId) is null)
        {
            throw CodeCommitErrors.Of("ParentCommitDoesNotExist", $"The parent commit {commit.ParentCommitId} does not exist");
        }
        else if (commit.ParentCommitId != tip)
        {
            throw Outdated(commit, tip);
        }
    }

    /// <summary>Only the first commit of a repository makes its branch; another branch is made by CreateBranch.</summary>
    private async Task CheckNewBranch(Repository repository, NewCommit commit)
    {
        var all = await references.List(repository.RepositoryId, "refs/heads", "refs/tags");
        if (all.Any(r => r.Name == "refs/tags/" + commit.BranchName))
        {
            throw CodeCommitErrors.Of("BranchNameIsTagName", $"{commit.BranchName} is a tag");
        }

        if (all.Count > 0)
        {
            throw CodeCommitErrors.NoBranch(commit.BranchName);
        }

        if (commit.ParentCommitId is not null)
        {
            throw CodeCommitErrors.Of("ParentCommitDoesNotExist", $"{repository.RepositoryName} has no commits, so the parent {commit.ParentCommitId} does not exist");
        }
    }

    private async Task<MadeCommit> Import(string repositoryId, string reference, NewCommit commit, string user, FileTree tree)
    {
        var changes = tree.Changes;
        var answer = await git.Try(repositoryId, ["fast-import", "--quiet", "--done", "--date-format=raw"], Stream(reference, commit, user, changes));
        if (answer.ExitCode != 0 && answer.Error.Contains("does not contain", StringComparison.Ordinal))
        {
            // a push came in between, and fast-import left the branch as that made it
            throw Outdated(commit, await references.Tip(repositoryId, reference) ?? "no commit");
        }

        var id = answer.ExitCode == 0 ? answer.Text.Trim()
            : throw new InvalidOperationException($"git fast-import in {repositoryId} ended with {answer.ExitCode}: {answer.Error.Trim()}");
        return new(id, (await objects.Find(repositoryId, id + "^{tree}"))[0]!.Id, changes);
    }

    private byte[] Stream(string reference, NewCommit commit, string user, IReadOnlyList<(string Path, TreeFile? Before, TreeFile? After)> changes)
    {
        using var stream = new MemoryStream();
        void Line(string text) => stream.Write(Encoding.UTF8.GetBytes(text + "\n"));
        void Data(byte[] content)
        {
            Line($"data {content.Length}");
            stream.Write(content);
            Line("");
        }

        Line($"commit {reference}");
        Line("mark :1");
        Line($"committer {Name(commit.Author is { Length: > 0 } name ? name : user)} <{commit.Email}> {time.GetUtcNow().ToUnixTimeSeconds()} +0000");
        Data(Encoding.UTF8.GetBytes(commit.Message ?? ""));
        if (commit.ParentCommitId is not null)
        {
            Line($"from {commit.ParentCommitId}");
        }

        foreach (var (path, before, after) in changes.Where(c => c.After is null).Concat(changes.Where(c => c.After is not null)))
        {
            Line(after is null ? $"D {Quoted(path)}" : $"M {after.Mode} {(after.Content is null || after.BlobId == before?.BlobId ? after.BlobId : "inline")} {Quoted(path)}");
            if (after?.Content is not null && after.BlobId != before?.BlobId)
            {
                Data(after.Content);
            }
        }

        Line("get-mark :1");
        Line("done");
        return stream.ToArray();
    }

    /// <summary>git ends a name at an angle bracket or a line's end, and so leaves them out of names itself.</summary>
    private static string Name(string name) => string.Concat(name.Where(c => c is not ('<' or '>') && !char.IsControl(c))).Trim();

    private static string Quoted(string path) => "\"" + path.Replace("\\", "\\\\").Replace("\"", "\\\"") + "\"";

    private static Exception Outdated(NewCommit commit, string tip) => CodeCommitErrors.Of(
        "ParentCommitIdOutdated", $"The parent commit {commit.ParentCommitId} is not the tip of branch {commit.BranchName}, which is {tip}");
}
