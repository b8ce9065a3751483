using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.CodeCommit;

/// <summary>A person's own clone, worked on with the real git.</summary>
internal sealed class WorkingCopy : IDisposable
{
    private static readonly Dictionary<string, string> Person = new()
    {
        ["GIT_CONFIG_GLOBAL"] = "/dev/null", ["GIT_CONFIG_NOSYSTEM"] = "1", ["GIT_TERMINAL_PROMPT"] = "0", ["LC_ALL"] = "C",
        ["GIT_AUTHOR_NAME"] = "Ann", ["GIT_AUTHOR_EMAIL"] = "ann@example.com", ["GIT_COMMITTER_NAME"] = "Ann", ["GIT_COMMITTER_EMAIL"] = "ann@example.com",
    };

    private readonly Dictionary<string, string> _environment;

    public WorkingCopy(IReadOnlyDictionary<string, string>? environment = null)
    {
        Assert.SkipUnless(Command.Find("git") is not null, "git is not on this machine");
        _environment = new(Person);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            _environment[name] = value;
        }
    }

    /// <summary>What its git needs of an environment.</summary>
    public IReadOnlyDictionary<string, string> Environment => _environment;

    /// <summary>Its folder.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-git-").FullName;

    /// <summary>A new folder with a branch main and the address as its remote origin.</summary>
    public static async Task<WorkingCopy> Of(string address, IReadOnlyDictionary<string, string>? environment = null)
    {
        var copy = new WorkingCopy(environment);
        await copy.Git("init", "--quiet", "--initial-branch=main");
        await copy.Git("remote", "add", "origin", address);
        return copy;
    }

    /// <summary>Runs git, however it ends; without a machine's GIT_SSL_CAINFO, which would hide the certificates that a configuration names.</summary>
    public Task<Command> Try(params IEnumerable<string> arguments) => Command.Run("env", ["-u", "GIT_SSL_CAINFO", "git", .. arguments], _environment, Folder);

    /// <summary>Runs git, which must succeed, and gives what it printed.</summary>
    public async Task<string> Git(params IReadOnlyList<string> arguments)
    {
        var run = await Try(arguments);
        Assert.True(run.ExitCode == 0, $"git {string.Join(' ', arguments)}: {run}");
        return run.Output.Trim();
    }

    /// <summary>Commits a file and gives the commit's id.</summary>
    public async Task<string> Commit(string file, string content)
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, file), content);
        await Git("add", "--all");
        await Git("commit", "--quiet", "--message", $"Change {file}");
        return await Git("rev-parse", "HEAD");
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
