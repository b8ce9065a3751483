using System.Security.Cryptography;
using System.Text;
using Slipway.Aws.CodeCommit;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>A file of a commit that is being made; the content is there where git does not have it yet.</summary>
internal sealed record TreeFile(string Mode, string BlobId, byte[]? Content = null);

/// <summary>The files of a commit by path, as a request changes them; the folders follow from the paths, as in git.</summary>
internal sealed class FileTree
{
    private const string SubmoduleMode = "160000";
    private const string KeepFile = ".gitkeep";
    private readonly Dictionary<string, TreeFile> _before;
    private readonly Dictionary<string, TreeFile> _files;

    public FileTree(IEnumerable<TreeEntry> parent)
    {
        _before = parent.ToDictionary(e => e.Path, e => new TreeFile(e.Mode, e.Id));
        _files = new(_before);
    }

    /// <summary>The changes from the parent: for each path the file before and the file after, in the order of the paths.</summary>
    public IReadOnlyList<(string Path, TreeFile? Before, TreeFile? After)> Changes =>
        [.. _before.Keys.Union(_files.Keys).Order(StringComparer.Ordinal)
            .Select(p => (p, _before.GetValueOrDefault(p), _files.GetValueOrDefault(p)))
            .Where(c => c.Item2?.BlobId != c.Item3?.BlobId || c.Item2?.Mode != c.Item3?.Mode)];

    /// <summary>A file of the parent commit.</summary>
    /// <exception cref="Aws.Wire.AwsException">FileDoesNotExistException.</exception>
    public TreeFile Parent(string path) =>
        _before.TryGetValue(path, out var file) && file.Mode != SubmoduleMode ? file : throw CodeCommitErrors.NoFile(path);

    /// <summary>Adds a file or changes it.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="mode">CodeCommit's word for its mode; null keeps the mode of a file that is there.</param>
    /// <param name="content">Its content.</param>
    public void Put(string path, string? mode, byte[] content) => Put(path, new(ModeOf(mode, path), BlobId(content), content));

    /// <summary>Adds a file or changes it to one of the parent's.</summary>
    public void Copy(string source, string path, string? mode)
    {
        var file = Parent(source);
        Put(path, file with { Mode = mode is null ? file.Mode : ModeOf(mode, path) });
    }

    /// <summary>Changes a file's mode.</summary>
    public void SetMode(string path, string mode) => _files[path] = Parent(path) with { Mode = ModeOf(mode, path) };

    /// <summary>Removes a file; where asked, a folder that has no other file keeps one that is empty.</summary>
    public void Delete(string path, bool keepFolder)
    {
        Parent(path);
        _files.Remove(path);
        var folder = RepositoryPath.Parent(path);
        if (keepFolder && folder.Length > 0 && !_files.Keys.Any(p => RepositoryPath.IsAtOrBelow(p, folder)))
        {
            Put($"{folder}/{KeepFile}", "NORMAL", []);
        }
    }

    /// <summary>The id that git gives a blob: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects</summary>
    public static string BlobId(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.ASCII.GetBytes($"blob {content.Length}\0"), .. content]));

    /// <summary>Whether a path is that of a file that keeps a folder.</summary>
    public static bool IsKeepFile(string path) => path == KeepFile || path.EndsWith("/" + KeepFile, StringComparison.Ordinal);

    /// <summary>What the API says of a file.</summary>
    public static FileMetadata Metadata(string path, TreeFile file) => new(path, file.BlobId, new TreeEntry(file.Mode, "blob", file.BlobId, path).FileMode);

    private void Put(string path, TreeFile file)
    {
        if (_files.GetValueOrDefault(path)?.Mode == SubmoduleMode)
        {
            throw CodeCommitErrors.Of("FilePathConflictsWithSubmodulePath", $"{path} is a submodule");
        }

        if (_files.Keys.FirstOrDefault(p => p != path && RepositoryPath.IsAtOrBelow(p, path)) is not null)
        {
            throw CodeCommitErrors.Of("FileNameConflictsWithDirectoryName", $"{path} is a folder, so it can't be a file");
        }

        for (var folder = RepositoryPath.Parent(path); folder.Length > 0; folder = RepositoryPath.Parent(folder))
        {
            if (_files.TryGetValue(folder, out var inTheWay))
            {
                throw inTheWay.Mode == SubmoduleMode
                    ? CodeCommitErrors.Of("FilePathConflictsWithSubmodulePath", $"{folder} is a submodule, so {path} can't lie in it")
                    : CodeCommitErrors.Of("DirectoryNameConflictsWithFileName", $"{folder} is a file, so {path} can't lie in it");
            }
        }

        _files[path] = file;
    }

    private string ModeOf(string? mode, string path) => mode switch
    {
        "EXECUTABLE" => "100755",
        "SYMLINK" => "120000",
        "NORMAL" => "100644",
        _ => _before.GetValueOrDefault(path)?.Mode ?? "100644",
    };
}
