using Slipway.Workflow.Ingest;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Release;
using Spectre.Console;

namespace Slipway.Cli.Demos;

/// <summary>What the demo came to, on one screen.</summary>
internal static class DemoSummary
{
    /// <summary>The AUC that the demo's gate asks for: the pipeline's default.</summary>
    public static string Threshold => $"{PipelineDefinition.Parameters.Single(p => p.Name == "AucThreshold").Default}";

    public static void Write(
        DemoStages stages, IngestResult loaded, EndedExecution execution, DeploymentResult deployed, Latency latency)
    {
        var (table, evaluation) = (NewTable(), execution.Evaluation!);
        table.AddRow("Rows", $"{loaded.RowsRead:N0}");
        table.AddRow("AUC", $"{evaluation.Auc:F4} (95% interval {evaluation.Low:F4} to {evaluation.High:F4})");
        table.AddRow("Threshold", Threshold);
        table.AddRow("Model version", execution.ModelPackageArn!.EscapeMarkup());
        table.AddRow("Endpoint", deployed.EndpointArn.EscapeMarkup());
        foreach (var (name, time) in stages.Times)
        {
            table.AddRow(name.EscapeMarkup(), ExecutionProgress.Seconds(time));
            if (name == "Pipeline")
            {
                AddSteps(table, execution);
            }
        }

        table.AddRow("Invocation", $"p50 {latency.Median.TotalMilliseconds:F2} ms, p99 {latency.P99.TotalMilliseconds:F2} ms");
        Write(table, stages);
    }

    /// <summary>Writes how long each stage took.</summary>
    public static void WriteTimes(DemoStages stages)
    {
        var table = NewTable();
        foreach (var (name, time) in stages.Times)
        {
            table.AddRow(name.EscapeMarkup(), ExecutionProgress.Seconds(time));
        }

        Write(table, stages);
    }

    private static Table NewTable() => new Table().Border(TableBorder.Rounded).HideHeaders().AddColumns("", "");

    private static void Write(Table table, DemoStages stages)
    {
        table.AddRow("All", ExecutionProgress.Seconds(stages.Times.Aggregate(TimeSpan.Zero, (sum, s) => sum + s.Time)));
        Terminal.Console.WriteLine();
        Terminal.Console.Write(table);
    }

    private static void AddSteps(Table table, EndedExecution execution)
    {
        foreach (var step in execution.Steps)
        {
            table.AddRow($"  {step.Name}", ExecutionProgress.Duration(step));
        }
    }
}
