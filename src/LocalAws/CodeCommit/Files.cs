using Slipway.Aws.CodeCommit;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>The files and folders of commits: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetFolder.html</summary>
internal sealed class Files(RepositoryStore store, GitObjects objects)
{
    private const int LargestFile = CreateCommit.LargestFile;

    public async Task<GetBlob.Response> Blob(GetBlob request)
    {
        var repository = store.Require(request.RepositoryName);
        return (await objects.Find(repository.RepositoryId, request.BlobId))[0] is { Type: "blob" } blob
            ? new(await Content(repository, blob, request.BlobId))
            : throw CodeCommitErrors.Of("BlobIdDoesNotExist", $"Blob {request.BlobId} does not exist");
    }

    public async Task<GetFile.Response> File(GetFile request)
    {
        var repository = store.Require(request.RepositoryName);
        var path = RepositoryPath.OfFile(request.FilePath);
        var commit = await objects.Resolve(repository, request.CommitSpecifier);
        if ((await objects.List(repository.RepositoryId, commit, path)).FirstOrDefault() is not { Type: "blob" } entry)
        {
            throw CodeCommitErrors.NoFile(path);
        }

        var blob = (await objects.Find(repository.RepositoryId, entry.Id))[0]!;
        return new(commit, entry.Id, path, entry.FileMode, blob.Size, await Content(repository, blob, path));
    }

    public async Task<GetFolder.Response> Folder(GetFolder request)
    {
        var repository = store.Require(request.RepositoryName);
        var path = RepositoryPath.OfFolder(request.FolderPath);
        var commit = await objects.Resolve(repository, request.CommitSpecifier);
        if ((await objects.Find(repository.RepositoryId, $"{commit}:{path}"))[0] is not { Type: "tree" } tree)
        {
            throw CodeCommitErrors.Of("FolderDoesNotExist", $"The folder {path} does not exist");
        }

        var entries = (await objects.List(repository.RepositoryId, commit, path.Length == 0 ? "" : path + "/"))
            .Select(e => (Entry: e, Name: e.Path[(e.Path.LastIndexOf('/') + 1)..])).ToList();
        return new(
            commit, path, tree.Id,
            [.. entries.Where(e => e.Entry.Type == "tree").Select(e => new Folder(e.Entry.Id, e.Entry.Path, e.Name))],
            [.. entries.Where(e => e.Entry is { Type: "blob", Mode: not "120000" }).Select(e => new Aws.CodeCommit.File(e.Entry.Id, e.Entry.Path, e.Name, e.Entry.FileMode))],
            [.. entries.Where(e => e.Entry is { Type: "blob", Mode: "120000" }).Select(e => new SymbolicLink(e.Entry.Id, e.Entry.Path, e.Name, e.Entry.FileMode))],
            [.. entries.Where(e => e.Entry.Type == "commit").Select(e => new SubModule(e.Entry.Id, e.Entry.Path, e.Name))]);
    }

    private async Task<byte[]> Content(Repository repository, GitObject blob, string name) => blob.Size <= LargestFile
        ? await objects.Read(repository.RepositoryId, blob)
        : throw CodeCommitErrors.Of("FileTooLarge", $"{name} has {blob.Size} bytes; the API gives at most {LargestFile}. Use git instead.");
}
