using System.Diagnostics;

namespace Slipway.Tests.Clients;

/// <summary>Runs a program that we did not write and gives what it printed.</summary>
internal sealed record Command(int ExitCode, string Output, string Error)
{
    /// <summary>Runs a program to its end, or to that of the test's time.</summary>
    public static async Task<Command> Run(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? directory = null, string? input = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var late = TestContext.Current.CancellationToken;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(late);
            var error = process.StandardError.ReadToEndAsync(late);
            await process.StandardInput.WriteAsync(input.AsMemory(), late);
            process.StandardInput.Close();
            await process.WaitForExitAsync(late);
            return new(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end in time", e);
        }
    }

    /// <summary>Our own command line, as it was built with the tests.</summary>
    public static string SlipwayPath { get; } = Path.Combine(AppContext.BaseDirectory, "slipway");

    /// <summary>Runs a verb of our own command line to its end.</summary>
    public static Task<Command> Slipway(IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string? directory = null) =>
        Run(SlipwayPath, arguments, environment, directory);

    /// <summary>The full path of a program on the PATH, or null.</summary>
    public static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);

    /// <summary>Both streams, for a failure's message.</summary>
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Error}";
}
