using System.Globalization;
using Slipway.Workflow.Pipelines;
using Spectre.Console;

namespace Slipway.Cli;

/// <summary>An execution's steps as they go: a line a state, with the duration where a step has ended.</summary>
internal static class ExecutionProgress
{
    /// <summary>Writes one change of a step.</summary>
    public static void Write(StepState step)
    {
        if (step.Status == "Starting")
        {
            return;
        }

        var mark = step.Status switch
        {
            "Succeeded" => "[green]✓[/]",
            "Failed" => "[red]✗[/]",
            "Stopped" or "Stopping" => "[yellow]■[/]",
            _ => "[grey]…[/]",
        };
        AnsiConsole.MarkupLine($"  {mark} {step.Name,-12} {step.Status,-10} {Duration(step)}");
        if (step.Status == "Failed" && step.Reason is { Length: > 0 } reason)
        {
            AnsiConsole.MarkupLine($"    [red]{reason.EscapeMarkup()}[/]");
        }
    }

    /// <summary>A step's duration, empty while it runs.</summary>
    public static string Duration(StepState step) =>
        step is { Start: { } start, End: { } end } ? Seconds(end - start) : "";

    /// <summary>A duration as people read it.</summary>
    public static string Seconds(TimeSpan duration) => string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds:F1} s");
}
