using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodeCommit;

/// <summary>How a git command ended, and what it wrote.</summary>
internal sealed record GitAnswer(int ExitCode, byte[] Output, string Error)
{
    /// <summary>The output as text.</summary>
    public string Text => Encoding.UTF8.GetString(Output);

    /// <summary>The parts of an output that <c>-z</c> made.</summary>
    public IEnumerable<string> Fields => Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>git as a program, on a bare repository for each of CodeCommit's, which lies under its id so that a new name moves nothing.</summary>
internal sealed class Git(LocalAwsOptions options)
{
    private static readonly (string Name, string Value)[] Settings =
    [
        ("http.receivepack", "true"),
        ("init.defaultBranch", "main"),
        // a push is on disk when it is answered
        ("core.fsync", "committed,reference"),
        ("core.fsyncMethod", "batch"),
        ("receive.fsckObjects", "true"),
        // a process of its own would outlive this one, and work in a repository that may be gone
        ("gc.autoDetach", "false"),
    ];

    /// <summary>The folder of all repositories.</summary>
    public string Folder { get; } = Path.Combine(options.DataDirectory, "codecommit");

    /// <summary>The folder of a repository.</summary>
    public string FolderOf(string repositoryId) => Path.Combine(Folder, repositoryId + ".git");

    /// <summary>Runs a command in a repository that must succeed.</summary>
    /// <exception cref="InvalidOperationException">It did not; the message has git's words.</exception>
    public async Task<GitAnswer> Run(string repositoryId, IReadOnlyList<string> arguments, byte[]? input = null)
    {
        var answer = await Try(repositoryId, arguments, input);
        return answer.ExitCode == 0 ? answer
            : throw new InvalidOperationException($"git {string.Join(' ', arguments)} in {repositoryId} ended with {answer.ExitCode}: {answer.Error.Trim()}");
    }

    /// <summary>Runs a command in a repository, however it ends.</summary>
    public async Task<GitAnswer> Try(string repositoryId, IReadOnlyList<string> arguments, byte[]? input = null)
    {
        using var process = Launch(["--git-dir", FolderOf(repositoryId), .. arguments], []);
        using var output = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errors = process.StandardError.ReadToEndAsync();
        await Feed(process, stream => stream.WriteAsync(input ?? []).AsTask());
        await reading;
        await process.WaitForExitAsync();
        return new(process.ExitCode, output.ToArray(), await errors);
    }

    /// <summary>Starts git with its three streams redirected.</summary>
    /// <exception cref="AwsException">There is no git on the PATH.</exception>
    public static Process Launch(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false,
        };
        Isolate(start.Environment);
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new AwsException(
                "ServiceUnavailable", HttpStatusCode.ServiceUnavailable, $"CodeCommit needs git on the PATH of local AWS; install it. ({e.Message})", inner: e);
        }
    }

    /// <summary>Writes a process's input and closes it.</summary>
    public static async Task Feed(Process process, Func<Stream, Task> write)
    {
        try
        {
            await write(process.StandardInput.BaseStream);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // git closed its input before its end: how it ends says why
        }
    }

    /// <summary>Keeps the settings of whoever started local AWS, and a repository that it may be started in, away from git.</summary>
    private static void Isolate(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(k => k.StartsWith("GIT_", StringComparison.Ordinal)).ToList())
        {
            environment.Remove(name);
        }

        environment["LC_ALL"] = "C";
        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        environment["GIT_LITERAL_PATHSPECS"] = "1";
        environment["GIT_CONFIG_COUNT"] = Settings.Length.ToString();
        for (var i = 0; i < Settings.Length; i++)
        {
            environment[$"GIT_CONFIG_KEY_{i}"] = Settings[i].Name;
            environment[$"GIT_CONFIG_VALUE_{i}"] = Settings[i].Value;
        }
    }
}
