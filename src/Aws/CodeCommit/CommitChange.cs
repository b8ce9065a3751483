using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeCommit;

/// <summary>A file of the parent commit that is copied, or moved, to a path.</summary>
public sealed record SourceFileSpecifier([Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath, bool? IsMove = null);

/// <summary>A file to add or change, by its content or from another file: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_PutFileEntry.html</summary>
public sealed record PutFileEntry(
    [Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath,
    [OneOf("EXECUTABLE", "NORMAL", "SYMLINK"), Errors(Codes.InvalidFileMode)] string? FileMode = null,
    [Length(0, CreateCommit.LargestFile), Errors("FileContentSizeLimitExceededException")] byte[]? FileContent = null,
    SourceFileSpecifier? SourceFile = null);

/// <summary>A file to delete.</summary>
public sealed record DeleteFileEntry([Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath);

/// <summary>A file whose mode changes.</summary>
public sealed record SetFileModeEntry(
    [Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath,
    [OneOf("EXECUTABLE", "NORMAL", "SYMLINK"), Errors(Codes.InvalidFileMode, "FileModeRequiredException")] string FileMode);

/// <summary>A file that a commit added, changed or deleted.</summary>
public sealed record FileMetadata(string AbsolutePath, string BlobId, string FileMode);

/// <summary>Makes a commit at the tip of a branch: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_CreateCommit.html</summary>
public sealed record CreateCommit(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName, Codes.BranchNameRequired)] string BranchName,
    [Pattern(Codes.ObjectId), Errors("InvalidParentCommitIdException")] string? ParentCommitId = null,
    [Length(0, Codes.LongestName), Errors(Codes.NameLength)] string? AuthorName = null,
    [Length(0, 256), Pattern(@"[^<>\p{C}]*"), Errors(Codes.InvalidEmail)] string? Email = null,
    [Length(0, Codes.LongestMessage), Errors(Codes.MessageLength)] string? CommitMessage = null,
    bool? KeepEmptyFolders = null,
    IReadOnlyList<PutFileEntry>? PutFiles = null,
    IReadOnlyList<DeleteFileEntry>? DeleteFiles = null,
    IReadOnlyList<SetFileModeEntry>? SetFileModes = null) : IAwsRequest<CreateCommit.Response>
{
    /// <summary>The largest content of a file, in bytes.</summary>
    public const int LargestFile = 6291456;

    /// <summary>The commit and the files that it changed.</summary>
    public sealed record Response(
        string CommitId, string TreeId, IReadOnlyList<FileMetadata> FilesAdded, IReadOnlyList<FileMetadata> FilesUpdated, IReadOnlyList<FileMetadata> FilesDeleted);
}

/// <summary>Adds or changes one file in a commit of its own: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_PutFile.html</summary>
public sealed record PutFile(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName, Codes.BranchNameRequired)] string BranchName,
    [Length(0, CreateCommit.LargestFile), Errors("FileContentSizeLimitExceededException", "FileContentRequiredException")] byte[] FileContent,
    [Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath,
    [OneOf("EXECUTABLE", "NORMAL", "SYMLINK"), Errors(Codes.InvalidFileMode)] string? FileMode = null,
    [Pattern(Codes.ObjectId), Errors("InvalidParentCommitIdException")] string? ParentCommitId = null,
    [Length(0, Codes.LongestMessage), Errors(Codes.MessageLength)] string? CommitMessage = null,
    [Length(0, Codes.LongestName), Errors(Codes.NameLength)] string? Name = null,
    [Length(0, 256), Pattern(@"[^<>\p{C}]*"), Errors(Codes.InvalidEmail)] string? Email = null) : IAwsRequest<PutFile.Response>
{
    /// <summary>The commit, the file's blob and the tree.</summary>
    public sealed record Response(string CommitId, string BlobId, string TreeId);
}

/// <summary>Deletes one file in a commit of its own: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_DeleteFile.html</summary>
public sealed record DeleteFile(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestBranchName), Errors(Codes.InvalidBranchName, Codes.BranchNameRequired)] string BranchName,
    [Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath,
    [Pattern(Codes.ObjectId), Errors("InvalidParentCommitIdException", "ParentCommitIdRequiredException")] string ParentCommitId,
    bool? KeepEmptyFolders = null,
    [Length(0, Codes.LongestMessage), Errors(Codes.MessageLength)] string? CommitMessage = null,
    [Length(0, Codes.LongestName), Errors(Codes.NameLength)] string? Name = null,
    [Length(0, 256), Pattern(@"[^<>\p{C}]*"), Errors(Codes.InvalidEmail)] string? Email = null) : IAwsRequest<DeleteFile.Response>
{
    /// <summary>The commit, the blob that was deleted, the tree and the path.</summary>
    public sealed record Response(string CommitId, string BlobId, string TreeId, string FilePath);
}
