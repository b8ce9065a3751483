using Slipway.Aws.CodeCommit;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>CodeCommit's repositories: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_RepositoryMetadata.html</summary>
internal sealed class Repositories(RepositoryStore store, References references, Git git, Database database, TimeProvider time)
{
    private const int PageSize = 1000;
    private const int LargestBatch = 100;

    public async Task<CreateRepository.Response> Create(CreateRepository request, Caller caller)
    {
        RepositoryTags.Check(request.Tags ?? new Dictionary<string, string>());
        if (store.Table.Find(request.RepositoryName) is not null)
        {
            throw CodeCommitErrors.RepositoryExists(request.RepositoryName);
        }

        var now = time.GetUtcNow();
        var repository = new Repository(
            request.RepositoryName, Guid.NewGuid().ToString(), caller.Region, caller.AccountId, now, now, request.Tags ?? new Dictionary<string, string>())
        {
            RepositoryDescription = request.RepositoryDescription, KmsKeyId = request.KmsKeyId,
        };
        // the content first: a folder without a record is removed at the next start, a record without its folder would be broken
        Directory.CreateDirectory(git.FolderOf(repository.RepositoryId));
        await git.Run(repository.RepositoryId, ["init", "--quiet", "--bare", "--template="]);
        if (!store.Table.Insert(repository))
        {
            Directory.Delete(git.FolderOf(repository.RepositoryId), recursive: true);
            throw CodeCommitErrors.RepositoryExists(request.RepositoryName);
        }

        return new(store.Metadata(repository));
    }

    public GetRepository.Response Get(GetRepository request) => new(store.Metadata(store.Require(request.RepositoryName)));

    public ListRepositories.Response List(ListRepositories request)
    {
        IEnumerable<Repository> all = request.SortBy == "lastModifiedDate"
            ? store.Table.All().OrderBy(r => r.LastModifiedDate).ThenBy(r => r.RepositoryName, StringComparer.Ordinal)
            : store.Table.All();
        var page = Page.Of(
            request.Order == "descending" ? all.Reverse() : all, r => r.RepositoryName, request.NextToken, PageSize, CodeCommitErrors.InvalidToken);
        return new([.. page.Items.Select(r => new RepositoryNameIdPair(r.RepositoryName, r.RepositoryId))], page.NextToken);
    }

    public BatchGetRepositories.Response BatchGet(BatchGetRepositories request)
    {
        if (request.RepositoryNames.Count is 0 or > LargestBatch)
        {
            throw request.RepositoryNames.Count == 0
                ? CodeCommitErrors.Of("RepositoryNamesRequired", "At least one repository name is required.")
                : CodeCommitErrors.Of("MaximumRepositoryNamesExceeded", $"At most {LargestBatch} repository names can be given; these are {request.RepositoryNames.Count}.");
        }

        var found = request.RepositoryNames.Distinct().Select(n => (Name: n, Repository: store.Table.Find(n))).ToList();
        return new(
            [.. found.Where(f => f.Repository is not null).Select(f => store.Metadata(f.Repository!))],
            [.. found.Where(f => f.Repository is null).Select(f => f.Name)],
            [.. found.Where(f => f.Repository is null).Select(f => Missing(f.Name))]);
    }

    public DeleteRepository.Response Delete(DeleteRepository request)
    {
        if (store.Table.Find(request.RepositoryName) is not { } repository)
        {
            return new(null);
        }

        database.Write(_ =>
        {
            store.Table.Delete(repository.RepositoryName);
            references.Forget(repository.RepositoryId);
        });
        Directory.Delete(git.FolderOf(repository.RepositoryId), recursive: true);
        return new(repository.RepositoryId);
    }

    public void Rename(UpdateRepositoryName request) => database.Write(_ =>
    {
        var repository = store.Require(request.OldName);
        if (request.NewName == request.OldName || !store.Table.Insert(repository with { RepositoryName = request.NewName, LastModifiedDate = time.GetUtcNow() }))
        {
            throw CodeCommitErrors.RepositoryExists(request.NewName);
        }

        store.Table.Delete(request.OldName);
    });

    public void Describe(UpdateRepositoryDescription request)
    {
        var description = request.RepositoryDescription is "" ? null : request.RepositoryDescription;
        _ = store.Table.Change(request.RepositoryName, r => r with { RepositoryDescription = description, LastModifiedDate = time.GetUtcNow() })
            ?? throw CodeCommitErrors.NoRepository(request.RepositoryName);
    }

    private static BatchGetRepositoriesError Missing(string name)
    {
        AwsException error = CodeCommitErrors.NoRepository(name);
        return new(name, error.Code, error.Message);
    }
}
