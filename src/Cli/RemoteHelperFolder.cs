namespace Slipway.Cli;

/// <summary>A temporary folder with the remote helper, for a git that Slipway itself runs.</summary>
internal sealed class RemoteHelperFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-helper-").FullName;

    public RemoteHelperFolder() => SearchPath = RemoteHelperScript.PathWith(_folder);

    /// <summary>A PATH on which git finds the helper first.</summary>
    public string SearchPath { get; }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
