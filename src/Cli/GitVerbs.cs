using System.CommandLine;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary><c>slipway git setup</c>, and the remote helper that it puts on the PATH.</summary>
internal static class GitVerbs
{
    public static Command Verb() => new Verb("git", "Let git take CodeCommit's codecommit:: addresses.", "git setup", "git setup --undo")
    {
        Setup(), Remote(), Credential(),
    };

    private static Verb Setup()
    {
        var folder = new Option<string?>("--dir") { Description = "The folder to put the helper into (default: ~/.local/bin, ~/bin or /usr/local/bin, the first on the PATH that can be written)" };
        var undo = new Option<bool>("--undo") { Description = "Take Slipway's helper away again" };
        var verb = new Verb("setup", "Put a git-remote-codecommit on the PATH, so that git clones codecommit::REGION://REPOSITORY and codecommit://REPOSITORY. Refuses where AWS's own is there, so as not to hide it.",
            "git setup", "git setup --dir ~/tools", "git setup --undo", "$ git clone codecommit::ap-northeast-2://my-mlops-repo")
        {
            folder, undo,
        };
        verb.SetAction(parsed =>
        {
            Console.WriteLine(parsed.GetValue(undo) ? RemoteHelperScript.Remove(parsed.GetValue(folder)) : RemoteHelperScript.Write(parsed.GetValue(folder)));
            return ExitCode.Done;
        });
        return verb;
    }

    private static Command Remote()
    {
        var remote = new Argument<string>("remote") { Description = "The remote's name, or its address" };
        var address = new Argument<string>("address") { Description = "codecommit://[PROFILE@]REPOSITORY or REGION://[PROFILE@]REPOSITORY" };
        var verb = new Verb("remote-codecommit", "What git calls through the helper.", "git remote-codecommit origin ap-northeast-2://my-mlops-repo") { remote, address };
        verb.Hidden = true;
        verb.SetAction((parsed, cancellation) => CodeCommitRemote.Run(parsed.GetValue(remote)!, parsed.GetValue(address)!, cancellation));
        return verb;
    }

    private static Verb Credential()
    {
        var operation = new Argument<string>("operation") { Description = "get; git's store and erase do nothing" };
        var verb = new Verb("credential", "A credential helper of git's for CodeCommit's HTTP addresses, for whose path git is to ask (credential.useHttpPath).", "git config --global credential.helper '!slipway git credential'") { operation };
        verb.Hidden = true;
        verb.SetAction(parsed => parsed.GetValue(operation) == "get" ? CodeCommitRemote.Credential(Console.In, Console.Out) : ExitCode.Done);
        return verb;
    }
}

/// <summary>The program <c>git-remote-codecommit</c> that Slipway puts on the PATH: a script that calls Slipway.</summary>
internal static class RemoteHelperScript
{
    private const string Name = "git-remote-codecommit";
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "slipway");
    private const string Mark = "# made by slipway git setup, which takes it away again with --undo";

    /// <summary>The full path of a helper on the PATH that isn't Slipway's, such as AWS's own; null where there is none.</summary>
    public static string? Foreign => OnPath.Select(f => Path.Combine(f, Name)).FirstOrDefault(f => File.Exists(f) && !IsOurs(f));

    private static IReadOnlyList<string> OnPath =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<string> Usual
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
            return [Path.Combine(home, ".local", "bin"), Path.Combine(home, "bin"), "/usr/local/bin"];
        }
    }

    /// <summary>Writes it and says where.</summary>
    /// <exception cref="BadInputException">AWS's own is there.</exception>
    public static string Write(string? folder)
    {
        if (Foreign is { } other)
        {
            throw new BadInputException($"There is a git-remote-codecommit that is not Slipway's: {other}. Slipway's would hide it, so nothing was changed; ./slipway up prints the exports that lead it to local AWS.");
        }

        folder = Path.GetFullPath(folder ?? Usual.FirstOrDefault(f => OnPath.Contains(f) && CanWrite(f)) ?? Usual.First());
        var file = WriteInto(folder);
        return OnPath.Contains(folder) ? $"git takes codecommit:: addresses now, through {file}."
            : $"{file} is there, but {folder} is not on the PATH. Add it: export PATH=\"{folder}:$PATH\"";
    }

    /// <summary>A PATH on which git finds this helper first, written into a folder: for a git that Slipway itself runs.</summary>
    public static string PathWith(string folder)
    {
        WriteInto(folder);
        return $"{folder}{Path.PathSeparator}{Environment.GetEnvironmentVariable("PATH")}";
    }

    private static string WriteInto(string folder)
    {
        Directory.CreateDirectory(folder);
        var (file, made) = (Path.Combine(folder, Name), Path.Combine(folder, $".{Name}.{Environment.ProcessId}"));
        File.WriteAllText(made, $"#!/bin/sh\n{Mark}\nexec '{Program.Replace("'", "'\\''", StringComparison.Ordinal)}' git remote-codecommit \"$@\"\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(made, (UnixFileMode)0b111_101_101);
        }

        File.Move(made, file, overwrite: true);
        return file;
    }

    /// <summary>Takes it away and says from where.</summary>
    /// <exception cref="BadInputException">There is none of Slipway's.</exception>
    public static string Remove(string? folder)
    {
        var files = (folder is null ? [.. OnPath, .. Usual] : new[] { Path.GetFullPath(folder) })
            .Select(f => Path.Combine(f, Name)).Distinct().Where(f => File.Exists(f) && IsOurs(f)).ToList();
        files.ForEach(File.Delete);
        return files.Count > 0 ? $"Removed {string.Join(", ", files)}."
            : throw new BadInputException($"There is no git-remote-codecommit of Slipway's {(folder is null ? "on the PATH" : $"in {folder}")}; nothing was changed.");
    }

    private static bool IsOurs(string file)
    {
        using var reader = new StreamReader(file);
        _ = reader.ReadLine();
        return reader.ReadLine() == Mark;
    }

    private static bool CanWrite(string folder)
    {
        try
        {
            File.Create(Path.Combine(folder, $".{Name}.{Environment.ProcessId}"), 1, FileOptions.DeleteOnClose).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
