using System.Globalization;
using System.Text;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodeCommit;
using Slipway.LocalAws.CodePipeline.Executions;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>Takes the tip of a branch, or the commit that the execution was started with: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeCommit.html</summary>
internal sealed class CodeCommitSource(RepositoryStore repositories, CodeCommit.Git git, GitObjects objects, ExecutionStore store, ArtifactPlaces places) : IActionProvider
{
    public bool Does(ActionTypeId type) => type is { Category: ActionCategory.Source, Provider: "CodeCommit" };

    public async Task<ActionResult> Run(ActionRow run, CancellationToken cancellation)
    {
        var (name, execution) = (run.Setting("RepositoryName")!, store.Find(run.Execution)!);
        var branch = execution.Branches.GetValueOrDefault(run.Action) ?? run.Setting("BranchName")!;
        var repository = repositories.Table.Find(name)
            ?? throw new ActionFailedException("ConfigurationError", $"The action failed because the AWS CodeCommit repository {name} does not exist. Make sure you are using the correct repository name, and then try again.");
        if (ReferenceName.Fault(branch) is { } why)
        {
            throw new ActionFailedException("ConfigurationError", $"The action failed because {branch} is no name of a branch: {why}.");
        }

        var asked = execution.SourceRevisions.FirstOrDefault(r => r.ActionName == run.Action)?.RevisionValue;
        var found = await objects.FindCommit(repository.RepositoryId, asked ?? ReferenceName.OfBranch(branch)) ?? throw new ActionFailedException("ConfigurationError", asked is null
            ? $"The action failed because no branch named {branch} was found in the selected AWS CodeCommit repository {name}. Make sure you are using the correct branch name, and then try again."
            : $"The action failed because the commit {asked} was not found in the selected AWS CodeCommit repository {name}.");
        var (id, commit) = (found.Id, Commits.Parse(found.Id, Encoding.UTF8.GetString(await objects.Read(repository.RepositoryId, found))));
        var made = CommitZip.TimeOf(commit.Committer);
        // a submodule has no content here
        var files = (await objects.List(repository.RepositoryId, id, recursive: true)).Where(e => e.Type == "blob");
        using (var reader = new GitReader(git.FolderOf(repository.RepositoryId)))
        {
            await CommitZip.Stream(reader, files, made, zip => places.Put(run, zip, cancellation), cancellation);
        }

        return new()
        {
            ExternalId = id,
            Summary = commit.Message.Trim(),
            Revision = new(run.OutputArtifacts[0].Name, id, null, commit.Message.Trim(), made, null),
            Variables = new Dictionary<string, string>
            {
                ["RepositoryName"] = name, ["BranchName"] = branch, ["CommitId"] = id, ["CommitMessage"] = commit.Message,
                ["AuthorDate"] = Iso(CommitZip.TimeOf(commit.Author)), ["CommitterDate"] = Iso(made),
            },
        };
    }

    private static string Iso(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
