using Slipway.LocalAws.Containers;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>
/// The folder of a build: what its container sees as <see cref="MountPoint"/>, and beside it what local AWS works with. It is
/// made anew when the build begins and removed at its end.
/// </summary>
internal sealed class BuildFolder
{
    /// <summary>Where a container finds its part of the folder.</summary>
    public const string MountPoint = "/opt/codebuild";

    /// <summary>The folder of the data directory that has them all.</summary>
    public const string All = "builds";

    private readonly string _root;

    public BuildFolder(LocalAwsOptions options, string id) => _root = Path.Combine(options.Folder(All), NameOf(id));

    /// <summary>The name of a build's folder: the part of its id that no other has.</summary>
    public static string NameOf(string id) => id[(id.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The part that the container sees.</summary>
    public string Container => Path.Combine(_root, "container");

    /// <summary>The primary source, which is the working directory.</summary>
    public string Source => SourceOf(null);

    /// <summary>The home directory of the build.</summary>
    public string Home => Path.Combine(Container, "home");

    /// <summary>Programs of local AWS for the build.</summary>
    public string Programs => Path.Combine(Container, "bin");

    /// <summary>The folder of a source, by its identifier; null: of the primary one.</summary>
    public string SourceOf(string? identifier) => Path.Combine(Container, SourceName(identifier));

    /// <summary>The name of a source's folder.</summary>
    public static string SourceName(string? identifier) => identifier is null ? "src" : $"src_{identifier}";

    /// <summary>A file of local AWS's own, where no build can put a link in its place.</summary>
    public string Scratch(string name) => Path.Combine(_root, name);

    /// <summary>Makes it empty.</summary>
    public void Make()
    {
        Remove();
        foreach (var folder in (ReadOnlySpan<string>)[Source, Home, Programs])
        {
            Directory.CreateDirectory(folder);
        }
    }

    /// <summary>Removes it, with all that the build made.</summary>
    public void Remove() => Folders.Remove(_root);

    /// <summary>Removes the folders of builds that need none.</summary>
    public static void Sweep(LocalAwsOptions options, IReadOnlyCollection<string> needed)
    {
        var names = needed.Select(NameOf).ToHashSet();
        foreach (var folder in Directory.Exists(options.Folder(All)) ? Directory.GetDirectories(options.Folder(All)) : [])
        {
            if (!names.Contains(Path.GetFileName(folder)))
            {
                Folders.Remove(folder);
            }
        }
    }
}
