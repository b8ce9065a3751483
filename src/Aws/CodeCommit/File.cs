using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeCommit;

/// <summary>A blob's content: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetBlob.html</summary>
public sealed record GetBlob(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Pattern(Codes.ObjectId), Errors("InvalidBlobIdException", "BlobIdRequiredException")] string BlobId) : IAwsRequest<GetBlob.Response>
{
    /// <summary>The content.</summary>
    public sealed record Response(byte[] Content);
}

/// <summary>A file of a commit; of the default branch's tip where no commit is named: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetFile.html</summary>
public sealed record GetFile(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(1, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FilePath,
    [Length(1, Codes.LongestPath), Errors("InvalidCommitException")] string? CommitSpecifier = null) : IAwsRequest<GetFile.Response>
{
    /// <summary>The file; its size is in bytes.</summary>
    public sealed record Response(string CommitId, string BlobId, string FilePath, string FileMode, long FileSize, byte[] FileContent);
}

/// <summary>A folder inside a folder.</summary>
public sealed record Folder(string TreeId, string AbsolutePath, string RelativePath);

/// <summary>A file inside a folder.</summary>
public sealed record File(string BlobId, string AbsolutePath, string RelativePath, string FileMode);

/// <summary>A symbolic link inside a folder.</summary>
public sealed record SymbolicLink(string BlobId, string AbsolutePath, string RelativePath, string FileMode);

/// <summary>A submodule inside a folder.</summary>
public sealed record SubModule(string CommitId, string AbsolutePath, string RelativePath);

/// <summary>What lies in a folder of a commit: https://docs.aws.amazon.com/codecommit/latest/APIReference/API_GetFolder.html</summary>
public sealed record GetFolder(
    [Length(1, 100), Pattern(Codes.RepositoryName), Errors(Codes.InvalidRepositoryName, Codes.RepositoryNameRequired)] string RepositoryName,
    [Length(0, Codes.LongestPath), Errors(Codes.InvalidPath, Codes.PathRequired)] string FolderPath,
    [Length(1, Codes.LongestPath), Errors("InvalidCommitException")] string? CommitSpecifier = null) : IAwsRequest<GetFolder.Response>
{
    /// <summary>The folder's own entries; the root's path is empty.</summary>
    public sealed record Response(
        string CommitId, string FolderPath, string TreeId, IReadOnlyList<Folder> SubFolders, IReadOnlyList<File> Files,
        IReadOnlyList<SymbolicLink> SymbolicLinks, IReadOnlyList<SubModule> SubModules);
}
