using System.CommandLine;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;

namespace Slipway.Cli;

/// <summary><c>slipway sample</c>: made-up data with a known signal.</summary>
internal static class SampleVerb
{
    public const int DefaultRows = 10_000;
    public const int DefaultSeed = 42;

    public static Command Verb()
    {
        var rows = new Option<long>("--rows") { Description = "The number of rows", DefaultValueFactory = _ => DefaultRows };
        var seed = new Option<long>("--seed") { Description = "Chooses the rows: the same seed gives the same bytes", DefaultValueFactory = _ => DefaultSeed };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write (default: standard output)" };
        var verb = new Verb("sample", "Write data like the ad-click set, with a signal whose best reachable AUC is known.",
            "sample > sample.csv", "sample --rows 1000000 --seed 7 --output big.csv")
        {
            rows, seed, output,
        };
        verb.SetAction(parsed =>
        {
            var count = Rows(parsed.GetValue(rows));
            var file = parsed.GetValue(output) is { } named ? Options.Writable("--output", named) : null;
            Write(file, count, parsed.GetValue(seed));
            if (file is not null)
            {
                Console.WriteLine(Told(file, count));
            }

            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>The number of rows that <c>--rows</c> asks for.</summary>
    /// <exception cref="BadInputException">It is below 1.</exception>
    public static long Rows(long asked) => asked >= 1 ? asked : throw new BadInputException($"--rows {asked}: a sample has at least 1 row.");

    /// <summary>What was written, in words.</summary>
    public static string Told(string file, long rows) => $"{rows:N0} made-up rows in {Options.Short(file)}; no model of them can do better than AUC {SampleData.BestAuc():F3}";

    /// <summary>Writes a sample to a file, which appears whole or not at all, or to standard output.</summary>
    public static void Write(string? file, long rows, long seed)
    {
        if (file is null)
        {
            using var output = Console.OpenStandardOutput();
            SampleData.Write(output, rows, seed);
            return;
        }

        var unfinished = file + ".part";
        using (var stream = File.Create(unfinished))
        {
            SampleData.Write(stream, rows, seed);
        }

        File.Move(unfinished, file, overwrite: true);
    }
}
