using System.ComponentModel;
using System.Diagnostics;

namespace Slipway.Workflow;

/// <summary>Runs git in a folder.</summary>
/// <param name="folder">The folder of the working copy.</param>
/// <param name="environment">Variables beside the process's own.</param>
public sealed class Git(string folder, IReadOnlyDictionary<string, string> environment)
{
    /// <summary>Runs a command of git's and gives what it printed, without the last line break.</summary>
    /// <exception cref="WorkflowException">It failed, with git's own words, or git is not there.</exception>
    public async Task<string> Run(IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["GIT_TERMINAL_PROMPT"] = "0";
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            using var git = Process.Start(start)!;
            git.StandardInput.Close();
            var (output, error) = (git.StandardOutput.ReadToEndAsync(cancellation), git.StandardError.ReadToEndAsync(cancellation));
            try
            {
                await git.WaitForExitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                git.Kill(entireProcessTree: true);
                throw;
            }

            return git.ExitCode == 0 ? (await output).TrimEnd('\n') : throw new WorkflowException($"git {string.Join(' ', arguments)} failed: {(await error).Trim()}");
        }
        catch (Win32Exception e)
        {
            throw new WorkflowException($"git is not on the PATH: {e.Message}", e);
        }
    }
}
