using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Slipway.Aws.Client;
using Slipway.LocalAws;
using Slipway.Workflow;
using Spectre.Console;

namespace Slipway.Cli.Demos;

/// <summary>What <c>slipway demo</c> was asked to do.</summary>
/// <param name="Csv">The data, or null for made-up data.</param>
/// <param name="Rows">The rows of made-up data.</param>
/// <param name="Specification">The data set specification's file, or null for the ad-click one.</param>
/// <param name="Split">The split of the rows.</param>
/// <param name="Data">The data directory of local AWS.</param>
/// <param name="RequireAuth">The credentials that local AWS asks for, or null.</param>
/// <param name="Full">Whether to go from a push to development through both pipelines.</param>
internal sealed record DemoOptions(string? Csv, long Rows, string? Specification, string Split, string Data, string? RequireAuth, bool Full);

/// <summary><c>slipway demo</c>: the whole path on this machine, from a CSV to a live endpoint.</summary>
internal static class DemoVerb
{
    public static Command Verb()
    {
        var csv = new Option<string?>("--csv") { Description = "Your own data (default: a made-up sample like the ad-click set)" };
        var rows = new Option<long>("--rows") { Description = "The rows of the made-up sample", DefaultValueFactory = _ => SampleVerb.DefaultRows };
        var specification = Options.Specification();
        var split = new Option<string>("--split") { Description = "How rows are split: auto, random or time", DefaultValueFactory = _ => "specification" };
        split.AcceptOnlyFromAmong("specification", "auto", "random", "time");
        var data = new Option<string?>("--data") { Description = "The data directory (default: a new one under .slipway)" };
        var auth = UpVerb.RequireAuth();
        var full = new Option<bool>("--full") { Description = "From a push to development, over approval and promotion, through production's pipeline to the endpoint" };
        var verb = new Verb("demo", "Go the whole way on this machine: ingest, train, evaluate, register, approve, deploy, predict. Exit code 3: the gate refused the model.",
            "demo", "demo --full", "demo --csv ad_click_dataset.csv", "demo --csv ad_click_dataset.csv --split random")
        {
            csv, rows, specification, split, data, auth, full,
        };
        verb.SetAction((parsed, cancellation) => Run(
            new DemoOptions(
                parsed.GetValue(csv), SampleVerb.Rows(parsed.GetValue(rows)), parsed.GetValue(specification), parsed.GetValue(split)!,
                Options.Folder("--data", parsed.GetValue(data) ?? NewDirectory()), UpVerb.File(parsed, auth), parsed.GetValue(full)),
            cancellation));
        return verb;
    }

    private static string NewDirectory() =>
        Path.Combine(".slipway", "demo-" + TimeProvider.System.GetLocalNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture));

    private static async Task<int> Run(DemoOptions options, CancellationToken cancellation)
    {
        if (options.Csv is not null)
        {
            Options.Existing("--csv", options.Csv);
        }

        if (options is { Full: true, Split: not "specification" })
        {
            throw new BadInputException("--split does not go with --full: the pipelines train as the repository's data-set.yaml says.");
        }

        var specification = Options.Load(options.Specification);
        var stages = new DemoStages();
        await using var server = await stages.Run("Local AWS", async () =>
        {
            var started = await UpVerb.Start(new LocalAwsOptions { DataDirectory = options.Data, RequireAuth = options.RequireAuth, Region = LocalEnvironment.Region }, cancellation);
            stages.Say($"listens on {started.Endpoint}, data in {Options.Short(options.Data)}");
            return started;
        });
        using var session = new AwsSession(server.Endpoint, LocalEnvironment.Credentials(server, options.RequireAuth), LocalEnvironment.Region);
        var variables = LocalEnvironment.Of(server, options.RequireAuth).ToDictionary(v => v.Name, v => v.Value);
        try
        {
            return options.Full
                ? await new FullDemo(session, server.Endpoint, specification, options, variables, stages).Run(cancellation)
                : await new DemoWalk(session, specification, options, stages).Run(cancellation);
        }
        finally
        {
            Console.WriteLine();
            Console.WriteLine($"To look around: ./slipway up --data {Options.Short(options.Data)}{(options.RequireAuth is { } file ? $" --require-auth {Options.Short(file)}" : "")}");
        }
    }
}

/// <summary>The stages of the demo as they are told and timed.</summary>
internal sealed class DemoStages
{
    private readonly List<(string Name, TimeSpan Time)> _times = [];

    /// <summary>The stages so far and how long each took.</summary>
    public IReadOnlyList<(string Name, TimeSpan Time)> Times => _times;

    /// <summary>Runs a stage under its heading.</summary>
    public async Task<T> Run<T>(string name, Func<Task<T>> stage)
    {
        Terminal.Console.MarkupLine($"[bold]{name.EscapeMarkup()}[/]");
        var watch = Stopwatch.StartNew();
        var result = await stage();
        _times.Add((name, watch.Elapsed));
        return result;
    }

    /// <summary>Says something inside a stage.</summary>
    public void Say(string words)
    {
        foreach (var line in words.Split('\n'))
        {
            // Spectre would break a long ARN at the width that it assumes of a file
            Console.WriteLine($"  {line}");
        }
    }
}
