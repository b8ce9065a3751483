using Slipway.Workflow;
using Slipway.Workflow.Platform;

namespace Slipway.Cli.Demos;

/// <summary>The working copy that the demo pushes from, as a person's.</summary>
/// <param name="folder">Its folder.</param>
/// <param name="variables">The variables that lead git to local AWS.</param>
/// <param name="searchPath">A PATH on which git finds the remote helper.</param>
internal sealed class DemoRepository(string folder, IReadOnlyDictionary<string, string> variables, string searchPath)
{
    private readonly string _folder = folder;

    // a key in a person's own environment would go before the profile that local AWS asks for
    private readonly Git _git = new(folder, new Dictionary<string, string>(variables)
    {
        ["AWS_ACCESS_KEY_ID"] = variables.GetValueOrDefault("AWS_ACCESS_KEY_ID", ""),
        ["AWS_SECRET_ACCESS_KEY"] = variables.GetValueOrDefault("AWS_SECRET_ACCESS_KEY", ""), ["AWS_SESSION_TOKEN"] = "",
        ["PATH"] = searchPath,
        ["GIT_AUTHOR_NAME"] = "Slipway demo", ["GIT_AUTHOR_EMAIL"] = "demo@slipway.invalid",
        ["GIT_COMMITTER_NAME"] = "Slipway demo", ["GIT_COMMITTER_EMAIL"] = "demo@slipway.invalid",
    });

    /// <summary>Its folder, as one types it.</summary>
    public string Folder => Options.Short(_folder);

    /// <summary>Makes the files of <c>slipway new</c> and a repository around them, where they are missing.</summary>
    public async Task Make(string specification, CancellationToken cancellation)
    {
        if (Directory.Exists(Path.Combine(_folder, ".git")))
        {
            return;
        }

        NewVerb.Write(_folder, csv: null);
        await File.WriteAllTextAsync(Path.Combine(_folder, "data-set.yaml"), specification, cancellation);
        await _git.Run(["init", "--quiet", "--initial-branch", PlatformNames.Branch], cancellation);
    }

    /// <summary>Adds lines to a file.</summary>
    public Task Append(string file, string text, CancellationToken cancellation) => File.AppendAllTextAsync(Path.Combine(_folder, file), text, cancellation);

    /// <summary>Commits all and pushes to development.</summary>
    /// <returns>The commit's id.</returns>
    public async Task<string> Push(string message, string region, CancellationToken cancellation)
    {
        await _git.Run(["add", "--all"], cancellation);
        // a demo on the data of an earlier one has nothing new to commit, and starts the pipeline all the same
        await _git.Run(["commit", "--quiet", "--allow-empty", "--message", message], cancellation);
        await _git.Run(["push", "--quiet", $"codecommit::{region}://{PlatformNames.Development.Repository}", $"HEAD:refs/heads/{PlatformNames.Branch}"], cancellation);
        return await _git.Run(["rev-parse", "HEAD"], cancellation);
    }
}
