using System.Globalization;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild.Running;
using Slipway.LocalAws.CodeCommit;

namespace Slipway.LocalAws.CodeBuild.Sources;

/// <summary>Clones repositories of local AWS's own CodeCommit for builds: https://docs.aws.amazon.com/codebuild/latest/userguide/sample-source-version.html</summary>
internal sealed class CodeCommitSource(RepositoryStore repositories, GitObjects objects, Git git)
{
    /// <summary>Clones a repository into an empty folder and gives the id of the commit that is checked out.</summary>
    /// <param name="source">The source.</param>
    /// <param name="version">A branch, a tag, a commit's id or a full reference; null: the default branch.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="build">The build.</param>
    /// <exception cref="BuildFailure">The repository or the version is not there.</exception>
    public async Task<string> Clone(ProjectSource source, string? version, string folder, RunningBuild build)
    {
        var name = SourceLocation.RepositoryOf(source.Location)!;
        try
        {
            var repository = repositories.Require(name);
            var commit = await objects.Resolve(repository, version is { Length: > 0 } ? version : null);
            await Fetch(repository, commit, source.GitCloneDepth ?? 0, folder, build.Cancellation);
            return commit;
        }
        catch (AwsException e)
        {
            throw new BuildFailure(BuildFailure.Client, $"git clone of {name} failed: {e.Message}", e);
        }
    }

    private async Task Fetch(Repository repository, string commit, int depth, string folder, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        await Run(["-C", folder, "init", "--quiet", "--template="], cancellation);
        await Run(["-C", folder, "remote", "add", "origin", repositories.Metadata(repository).CloneUrlHttp], cancellation);
        string[] what = depth > 0
            ? ["--depth", depth.ToString(CultureInfo.InvariantCulture), "--no-tags"]
            : ["--no-tags"];
        string[] references = depth > 0 ? [commit] : [commit, "+refs/heads/*:refs/remotes/origin/*", "+refs/tags/*:refs/tags/*"];
        // a commit that no reference names any more can be built too, as in AWS
        await Run(
            ["-C", folder, "fetch", "--quiet", "--upload-pack=git -c uploadpack.allowAnySHA1InWant=true upload-pack", .. what, $"file://{Path.GetFullPath(git.FolderOf(repository.RepositoryId))}", .. references],
            cancellation);
        await Run(["-C", folder, "checkout", "--quiet", "--detach", commit], cancellation);
        File.Delete(Path.Combine(folder, ".git", "FETCH_HEAD"));
    }

    private static async Task Run(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        using var process = Git.Launch(arguments, [KeyValuePair.Create("GIT_TERMINAL_PROMPT", "0")]);
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellation);
            var error = await process.StandardError.ReadToEndAsync(cancellation);
            await output;
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0)
            {
                throw new BuildFailure(BuildFailure.Client, $"git {arguments[2]} failed: {error.Trim()}");
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}
