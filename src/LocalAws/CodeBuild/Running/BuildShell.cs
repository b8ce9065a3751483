using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Logs;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>
/// The one shell that runs all commands of a build, so that variables, functions and the working directory of a command are
/// there for the next, as in buildspecs of version 0.2. It takes scripts by name through its input and tells in its output,
/// behind a token that nobody guesses, how each ended. Where a command ends the shell itself, the next one gets a new shell
/// with the variables and the working directory that the last one had.
/// </summary>
internal sealed class BuildShell
{
    private const string Prefix = "__slipway_";
    private const string Script = "script.sh";
    private const string Result = "result";

    /// <summary>Starts a shell for each name of one that it reads.</summary>
    private const string Launcher = """
        while IFS= read -r shell; do
          "$shell" "$2/shell.sh" "$1" "$2"
          printf '%s:exit:%s\n' "$1" "$?"
        done
        """;

    private const string Shell = """
        __slipway_token=$1
        __slipway_root=$2
        set --
        exec 8<&0 9>&1 </dev/null
        __slipway_save() {
          pwd > "$__slipway_root/.directory"
          if [ -n "${BASH_VERSION-}" ]; then declare -p; declare -f; else set; export -p; fi > "$__slipway_root/.variables"
        } 2>/dev/null
        if [ -f "$__slipway_root/.variables" ]; then
          . "$__slipway_root/.variables" 2>/dev/null
          cd "$(cat "$__slipway_root/.directory")" 2>/dev/null || cd "$CODEBUILD_SRC_DIR"
        fi
        trap __slipway_save EXIT
        while IFS= read -r __slipway_script <&8; do
          . "$__slipway_script"
          printf '%s:end:%s\n' "$__slipway_token" "$?" >&9
          __slipway_save || :
        done
        """;

    private readonly string _token = Prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
    private readonly Regex _mark;
    private readonly BuildFolder _folder;
    private readonly string _root;
    private readonly Container _container;
    private readonly Queue<(bool IsExit, int Status)> _told = [];
    private volatile TaskCompletionSource<(bool IsExit, int Status)> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _runs;
    private volatile bool _waits;

    /// <summary>Starts a container that waits for commands.</summary>
    /// <param name="containers">What starts it.</param>
    /// <param name="spec">The container, whose entry point and log this gives.</param>
    /// <param name="folder">The build's folder.</param>
    /// <param name="log">Takes what the commands write.</param>
    /// <exception cref="ContainerStartException">This machine can't run the image.</exception>
    public BuildShell(ContainerHost containers, ContainerSpec spec, BuildFolder folder, BuildLog log)
    {
        (_folder, _root, _mark) = (folder, containers.RootOf(spec), new Regex(_token + ":(end|exit):([0-9]{1,3})"));
        File.WriteAllText(Path.Combine(folder.Container, "shell.sh"), Shell);
        _container = containers.Start(spec with
        {
            Entrypoint = ["/bin/sh", "-c", Launcher, "sh"], Arguments = [_token, _root], TakesInput = true,
            Filter = lines => log.Keep(Hear(lines)), Output = _ => Tell(),
        });
    }

    /// <summary>The shell for the commands, a program's name or path.</summary>
    public string Program { get; set; } = "/bin/sh";

    /// <summary>Runs a command of one or more lines and gives its exit status.</summary>
    /// <exception cref="BuildFailure">The container has ended, with all its processes.</exception>
    public async Task<int> Run(string command, CancellationToken cancellation)
    {
        await Place(command, cancellation);
        _waits = false;
        try
        {
            if (!_runs)
            {
                await _container.Input.WriteLineAsync(Program.AsMemory(), cancellation);
                _runs = true;
            }

            await _container.Input.WriteLineAsync($"{_root}/{Script}".AsMemory(), cancellation);
        }
        catch (IOException)
        {
            throw Ended();
        }

        return await Heard(cancellation);
    }

    /// <summary>Runs a command of CodeBuild's own and gives what it wrote into its descriptor 7, cut at NUL characters.</summary>
    public async Task<IReadOnlyList<string>> Ask(string command, CancellationToken cancellation)
    {
        var file = new FileInfo(Path.Combine(_folder.Container, Result));
        file.Delete();
        await Run($"{{ {command}\n}} 7> \"$__slipway_root/{Result}\"", cancellation);
        file.Refresh();
        return file is { Exists: true, LinkTarget: null } && Folders.IsFile(file.FullName) ? (await File.ReadAllTextAsync(file.FullName, cancellation)).Split('\0')[..^1] : [];
    }

    /// <summary>Ends the shell and all processes that the commands left.</summary>
    public Task Stop(TimeSpan grace) => _container.Stop(grace);

    /// <summary>Ends them at once.</summary>
    public Task Kill() => _container.Kill();

    /// <summary>A text that a shell takes as it is.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>Puts a command where the shell reads it. A rename replaces what the build may have put there, where a write would follow a link out of its folder.</summary>
    private async Task Place(string command, CancellationToken cancellation)
    {
        var made = _folder.Scratch(Script);
        await File.WriteAllTextAsync(made, command + "\n", cancellation);
        try
        {
            File.Move(made, Path.Combine(_folder.Container, Script), overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !StorageFailure.IsFull(e))
        {
            throw new BuildFailure(BuildFailure.Command, $"The build has put something in the place of {_root}/{Script}, by which its shell takes commands.", e);
        }
    }

    private async Task<int> Heard(CancellationToken cancellation)
    {
        await Task.WhenAny(_next.Task, _container.Exited).WaitAsync(cancellation);
        if (!_next.Task.IsCompleted)
        {
            throw Ended();
        }

        var (isExit, status) = await _next.Task;
        _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _runs = !isExit;
        return status;
    }

    /// <summary>Takes what the shell tells out of its output. A command may not have ended its last line before.</summary>
    private List<LogLine> Hear(IReadOnlyList<LogLine> lines)
    {
        var kept = new List<LogLine>();
        foreach (var line in lines)
        {
            var text = line.Message;
            if (_mark.Match(text) is { Success: true } mark)
            {
                _waits = true;
                _told.Enqueue((mark.Groups[1].Value == "exit", int.Parse(mark.Groups[2].Value, CultureInfo.InvariantCulture)));
                text = text[..mark.Index];
                if (text.Length == 0)
                {
                    continue;
                }
            }

            // with set -x the shell shows its own lines too, and the build's end cuts one off that it has begun
            if (!(_waits && text is "+ ") && !text.Contains(Prefix, StringComparison.Ordinal) && text is not "+ IFS=" && text != $"+ . {_root}/{Script}")
            {
                kept.Add(line with { Message = text });
            }
        }

        return kept;
    }

    /// <summary>Says how a command ended, once what it wrote is in the log.</summary>
    private void Tell()
    {
        while (_told.TryDequeue(out var told))
        {
            _next.TrySetResult(told);
        }
    }

    private static BuildFailure Ended() => new(BuildFailure.Command, "The build container has ended before its command did.");
}
