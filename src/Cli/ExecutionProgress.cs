using System.Globalization;
using Slipway.Workflow.Pipelines;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Slipway.Cli;

/// <summary>An execution's steps, or a pipeline's stages, as they go: a table that lives in a terminal, and elsewhere a line a state, with the duration where a step has ended.</summary>
internal static class ExecutionProgress
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    /// <summary>Follows an execution to its end and shows how it goes.</summary>
    public static Task<EndedExecution> Follow(PipelineRun run, string execution, TimeProvider time, CancellationToken cancellation) =>
        Follow(changed => run.Follow(execution, changed, cancellation), time, cancellation);

    /// <summary>Shows how a run goes that tells of each step that has changed.</summary>
    public static Task<T> Follow<T>(Func<Action<StepState>, Task<T>> run, TimeProvider time, CancellationToken cancellation) =>
        Terminal.Console.Profile.Capabilities.Interactive ? FollowInTable(run, time, cancellation) : run(WriteLine);

    /// <summary>A step's duration, empty while it runs.</summary>
    public static string Duration(StepState step) =>
        step is { Start: { } start, End: { } end } ? Seconds(end - start) : "";

    /// <summary>A duration as people read it.</summary>
    public static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:F1} s");

    /// <summary>A step's state in a line of its own, as markup.</summary>
    public static string Line(StepState step) =>
        $"  {Mark(step)} {step.Name.EscapeMarkup(),-16} {step.Status,-10} {string.Join("  ", new[] { Duration(step), Remarks(step) }.Where(part => part.Length > 0))}";

    /// <summary>The steps as a terminal shows them.</summary>
    public static IRenderable Table(IReadOnlyList<StepState> steps, DateTimeOffset now)
    {
        if (steps.Count == 0)
        {
            return Text.Empty;
        }

        var grid = new Grid().AddColumn().AddColumn().AddColumn().AddColumn(new GridColumn().RightAligned()).AddColumn();
        foreach (var step in steps)
        {
            var running = step is { Start: { } start, End: null } ? Seconds(now - start) : Duration(step);
            grid.AddRow($" {Mark(step)}", step.Name.EscapeMarkup(), step.Status, running, Remarks(step));
        }

        return new Rows([grid, .. steps.Where(HasReason).Select(s => new Markup($"[red]{s.Name.EscapeMarkup()}: {s.Reason!.EscapeMarkup()}[/]"))]);
    }

    private static async Task<T> FollowInTable<T>(Func<Action<StepState>, Task<T>> run, TimeProvider time, CancellationToken cancellation)
    {
        var steps = new OrderedDictionary<string, StepState>();
        var following = run(Take);
        await Terminal.Console.Live(Text.Empty).StartAsync(async live =>
        {
            do
            {
                await Task.WhenAny(following, Task.Delay(Tick, time, cancellation));
                lock (steps)
                {
                    live.UpdateTarget(Table([.. steps.Values], time.GetUtcNow()));
                }
            }
            while (!following.IsCompleted);
        });
        return await following;

        void Take(StepState step)
        {
            lock (steps)
            {
                steps[step.Name] = step;
            }
        }
    }

    private static void WriteLine(StepState step)
    {
        // who waits for another attempt should read why nothing goes on
        if (step is { Status: "Starting", Attempt: 1 })
        {
            return;
        }

        Terminal.Console.MarkupLine(Line(step));
        if (HasReason(step))
        {
            Terminal.Console.MarkupLine($"    [red]{step.Reason!.EscapeMarkup()}[/]");
        }
    }

    /// <summary>Says of a step that it is tried again, and of one whose result is an earlier execution's that it did not run.</summary>
    private static string Remarks(StepState step) => step switch
    {
        { CachedFrom: { } execution } => $"from the cache: {execution[(execution.LastIndexOf('/') + 1)..].EscapeMarkup()}",
        { Attempt: > 1 } => $"attempt {step.Attempt}",
        _ => "",
    };

    private static bool HasReason(StepState step) => step is { Status: "Failed", Reason.Length: > 0 };

    private static string Mark(StepState step) => step.Status switch
    {
        "Succeeded" => "[green]✓[/]",
        "Failed" => "[red]✗[/]",
        "Stopped" or "Stopping" => "[yellow]■[/]",
        _ => "[grey]…[/]",
    };
}
