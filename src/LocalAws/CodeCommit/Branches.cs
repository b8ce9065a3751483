using Slipway.Aws.CodeCommit;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>The branches of repositories: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_BranchInfo.html</summary>
internal sealed class Branches(RepositoryStore store, References references, GitObjects objects, Git git, TimeProvider time)
{
    private const int PageSize = 1000;
    private const string NoObject = "0000000000000000000000000000000000000000";

    public async Task Create(CreateBranch request, Caller caller)
    {
        var repository = store.Require(request.RepositoryName);
        var reference = ReferenceName.RequireBranch(request.BranchName);
        if (await objects.FindCommit(repository.RepositoryId, request.CommitId) is null)
        {
            throw CodeCommitErrors.NoCommit(request.CommitId);
        }

        await references.Change(repository.RepositoryId, caller.Identity.Arn, async () =>
        {
            if (await references.Tip(repository.RepositoryId, reference) is not null)
            {
                throw CodeCommitErrors.Of("BranchNameExists", $"Branch {request.BranchName} already exists");
            }

            var made = await git.Try(repository.RepositoryId, ["update-ref", reference, request.CommitId, NoObject]);
            return made.ExitCode == 0 ? made : throw CodeCommitErrors.InvalidBranch(request.BranchName, made.Error.Trim());
        });
    }

    public async Task<GetBranch.Response> Get(GetBranch request)
    {
        var repository = store.Require(request.RepositoryName ?? throw CodeCommitErrors.Of("RepositoryNameRequired", "A repository name is required."));
        var name = request.BranchName ?? throw CodeCommitErrors.Of("BranchNameRequired", "A branch name is required.");
        var tip = await references.Tip(repository.RepositoryId, ReferenceName.RequireBranch(name)) ?? throw CodeCommitErrors.NoBranch(name);
        return new(new(name, tip));
    }

    public async Task<ListBranches.Response> List(ListBranches request)
    {
        var repository = store.Require(request.RepositoryName);
        var names = (await references.List(repository.RepositoryId, "refs/heads")).Select(r => r.Name["refs/heads/".Length..]);
        var page = Page.Of(names, n => n, request.NextToken, PageSize, CodeCommitErrors.InvalidToken);
        return new(page.Items, page.NextToken);
    }

    public async Task<DeleteBranch.Response> Delete(DeleteBranch request, Caller caller)
    {
        var repository = store.Require(request.RepositoryName);
        var reference = ReferenceName.RequireBranch(request.BranchName);
        return await references.Change(repository.RepositoryId, caller.Identity.Arn, async () =>
        {
            if (store.Require(request.RepositoryName).DefaultBranch == request.BranchName)
            {
                throw CodeCommitErrors.Of("DefaultBranchCannotBeDeleted", $"{request.BranchName} is the default branch of {request.RepositoryName}. Make another branch the default first.");
            }

            if (await references.Tip(repository.RepositoryId, reference) is not { } tip)
            {
                return new DeleteBranch.Response(null);
            }

            await git.Run(repository.RepositoryId, ["update-ref", "-d", reference, tip]);
            return new DeleteBranch.Response(new(request.BranchName, tip));
        });
    }

    public async Task MakeDefault(UpdateDefaultBranch request, Caller caller)
    {
        var repository = store.Require(request.RepositoryName);
        var reference = ReferenceName.RequireBranch(request.DefaultBranchName);
        await references.Change(repository.RepositoryId, caller.Identity.Arn, async () =>
        {
            _ = await references.Tip(repository.RepositoryId, reference) ?? throw CodeCommitErrors.NoBranch(request.DefaultBranchName);
            await references.PointHead(repository.RepositoryId, request.DefaultBranchName);
            return store.Table.Change(request.RepositoryName, r => r with { DefaultBranch = request.DefaultBranchName, LastModifiedDate = time.GetUtcNow() });
        });
    }
}
