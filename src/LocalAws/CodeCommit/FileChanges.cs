using Slipway.Aws.CodeCommit;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>Commits that are made through the API: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateCommit.html</summary>
internal sealed class FileChanges(RepositoryStore store, CommitWriter writer)
{
    private const int MostFiles = 100;
    private const int LargestChange = 7 << 20;

    public async Task<CreateCommit.Response> Create(CreateCommit request, Caller caller)
    {
        var repository = store.Require(request.RepositoryName);
        var (puts, deletes, modes) = (request.PutFiles ?? [], request.DeleteFiles ?? [], request.SetFileModes ?? []);
        CheckEntries(puts, [.. puts.Select(p => p.FilePath), .. deletes.Select(d => d.FilePath), .. modes.Select(m => m.FilePath)]);
        var commit = new NewCommit(request.BranchName, request.ParentCommitId, request.AuthorName, request.Email, request.CommitMessage);
        var made = await writer.Write(repository, commit, caller.Identity.Arn, tree => Apply(tree, request));
        return new(
            made.CommitId, made.TreeId,
            [.. made.Changes.Where(c => c.Before is null).Select(c => FileTree.Metadata(c.Path, c.After!))],
            [.. made.Changes.Where(c => c is { Before: not null, After: not null }).Select(c => FileTree.Metadata(c.Path, c.After!))],
            [.. made.Changes.Where(c => c.After is null).Select(c => FileTree.Metadata(c.Path, c.Before!))]);
    }

    public async Task<PutFile.Response> Put(PutFile request, Caller caller)
    {
        var repository = store.Require(request.RepositoryName);
        var path = RepositoryPath.OfFile(request.FilePath);
        if (request.FileContent.Length == 0)
        {
            throw CodeCommitErrors.Of("FileContentRequired", "The file is empty. Add empty files with git.");
        }

        var commit = new NewCommit(request.BranchName, request.ParentCommitId, request.Name, request.Email, request.CommitMessage);
        var made = await writer.Write(repository, commit, caller.Identity.Arn, tree =>
        {
            tree.Put(path, request.FileMode, request.FileContent);
            if (tree.Changes.Count == 0)
            {
                throw CodeCommitErrors.Of("SameFileContent", $"{path} has this content already");
            }
        });
        return new(made.CommitId, FileTree.BlobId(request.FileContent), made.TreeId);
    }

    public async Task<DeleteFile.Response> Delete(DeleteFile request, Caller caller)
    {
        var repository = store.Require(request.RepositoryName);
        var path = RepositoryPath.OfFile(request.FilePath);
        var commit = new NewCommit(request.BranchName, request.ParentCommitId, request.Name, request.Email, request.CommitMessage);
        var made = await writer.Write(repository, commit, caller.Identity.Arn, tree => tree.Delete(path, request.KeepEmptyFolders == true));
        return new(made.CommitId, made.Changes.First(c => c.Path == path).Before!.BlobId, made.TreeId, path);
    }

    private static void CheckEntries(IReadOnlyList<PutFileEntry> puts, IReadOnlyList<string> paths)
    {
        if (paths.Count == 0)
        {
            throw CodeCommitErrors.Of("FileEntryRequired", "The commit names no file to put, to delete or to change the mode of.");
        }

        if (paths.Count > MostFiles)
        {
            throw CodeCommitErrors.Of("MaximumFileEntriesExceeded", $"A commit changes at most {MostFiles} files; this one names {paths.Count}. Use git for larger ones.");
        }

        var seen = new HashSet<string>();
        if (paths.Select(RepositoryPath.OfFile).FirstOrDefault(p => !seen.Add(p)) is { } twice)
        {
            throw CodeCommitErrors.Of("SamePathRequest", $"{twice} is named twice");
        }

        if (puts.Sum(p => (long)(p.FileContent?.Length ?? 0)) > LargestChange)
        {
            throw CodeCommitErrors.Of("FileContentSizeLimitExceeded", $"The files together have more than {LargestChange} bytes. Use git for larger commits.");
        }

        var put = puts.Select(p => RepositoryPath.OfFile(p.FilePath)).ToList();
        if (put.FirstOrDefault(p => put.Any(other => other != p && RepositoryPath.IsAtOrBelow(other, p))) is { } both)
        {
            throw CodeCommitErrors.Of("PutFileEntryConflict", $"{both} is named as a file and as a folder");
        }
    }

    private static void Apply(FileTree tree, CreateCommit request)
    {
        var keep = request.KeepEmptyFolders == true;
        foreach (var entry in request.DeleteFiles ?? [])
        {
            tree.Delete(RepositoryPath.OfFile(entry.FilePath), keep);
        }

        foreach (var entry in request.SetFileModes ?? [])
        {
            tree.SetMode(RepositoryPath.OfFile(entry.FilePath), entry.FileMode);
        }

        foreach (var entry in request.PutFiles ?? [])
        {
            Put(tree, entry, keep);
        }
    }

    private static void Put(FileTree tree, PutFileEntry entry, bool keepFolders)
    {
        var path = RepositoryPath.OfFile(entry.FilePath);
        switch (entry)
        {
            case { FileContent: not null, SourceFile: not null }:
                throw CodeCommitErrors.Of("FileContentAndSourceFileSpecified", $"{path} has both a content and a source file");
            case { FileContent: { } content }:
                tree.Put(path, entry.FileMode, content);
                return;
            case { SourceFile: { } source }:
                Copy(tree, RepositoryPath.OfFile(source.FilePath), path, entry.FileMode, source.IsMove == true, keepFolders);
                return;
            default:
                throw CodeCommitErrors.Of("SourceFileOrContentRequired", $"{path} has neither a content nor a source file");
        }
    }

    private static void Copy(FileTree tree, string source, string path, string? mode, bool move, bool keepFolders)
    {
        if (FileTree.IsKeepFile(source))
        {
            throw CodeCommitErrors.Of("RestrictedSourceFile", $"{source} keeps its folder, and can be neither copied nor moved");
        }

        tree.Copy(source, path, mode);
        if (move)
        {
            tree.Delete(source, keepFolders);
        }
    }
}
