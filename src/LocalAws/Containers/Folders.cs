using System.Runtime.Versioning;

namespace Slipway.LocalAws.Containers;

/// <summary>Folders that a job or a build has filled as it liked.</summary>
internal static class Folders
{
    /// <summary>Removes a folder with all that is in it, also where its content is write-protected; nothing where there is none.</summary>
    public static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (UnauthorizedAccessException) when (!OperatingSystem.IsWindows())
        {
            // tools write-protect folders of what they have downloaded, as Go does
            MakeWritable(folder);
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The full path of what a name from anyone stands for in a folder; null where that is not below it.</summary>
    public static string? Below(string folder, string name)
    {
        var root = Path.GetFullPath(folder);
        var path = Path.GetFullPath(Path.Combine(root, name));
        return path.StartsWith(root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    /// <summary>Whether a path below a folder, or a folder on the way to it, is a link.</summary>
    public static bool IsLinked(string folder, string path)
    {
        var at = folder;
        foreach (var part in path.Split(['/', Path.DirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries))
        {
            at = Path.Combine(at, part);
            if (new FileInfo(at).LinkTarget is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a path is a file. Who opens a pipe waits for its other end, which a job that has ended never is; a socket and a
    /// device have no content to keep either.
    /// </summary>
    public static bool IsFile(string path) => OperatingSystem.IsLinux() ? Unix.IsFile(path) : File.Exists(path);

    [UnsupportedOSPlatform("windows")]
    private static void MakeWritable(string folder)
    {
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var inner in Directory.EnumerateDirectories(folder, "*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint }))
        {
            MakeWritable(inner);
        }
    }
}
