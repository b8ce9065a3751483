using System.CommandLine;
using Slipway.Aws.Client;
using Slipway.Workflow;
using Slipway.Workflow.Pipelines;
using Spectre.Console;

namespace Slipway.Cli;

/// <summary><c>slipway pipeline show</c> and <c>slipway pipeline run</c>.</summary>
internal static class PipelineVerbs
{
    public static Command Verb()
    {
        var verb = new Verb("pipeline", "Show or run the SageMaker Pipeline of a data set.",
            "pipeline show", "pipeline run --wait --param AucThreshold=0.7");
        verb.Subcommands.Add(Show());
        verb.Subcommands.Add(Run());
        return verb;
    }

    private static Command Show()
    {
        var specification = Options.Specification();
        var verb = new Verb("show", "Print the definition, in SageMaker's own JSON.",
            "pipeline show", "pipeline show --specification data-set.yaml > definition.json")
        {
            specification,
        };
        verb.SetAction(parsed =>
        {
            using var session = new AwsSession();
            var path = parsed.GetValue(specification);
            var names = ProjectNames.FromEnvironment(Options.Load(path));
            var settings = new PipelineRun(session, names, TimeProvider.System).Settings(Options.Text(path));
            Console.WriteLine(PipelineDefinition.Build(settings).ToJsonString(PipelineRun.Readable));
            return ExitCode.Done;
        });
        return verb;
    }

    private static Command Run()
    {
        var specification = Options.Specification();
        var wait = new Option<bool>("--wait") { Description = "Follow the execution to its end" };
        var parameters = new Option<string[]>("--param")
        {
            Description = "A parameter of the pipeline as Name=Value: " + string.Join(", ", PipelineDefinition.Parameters.Select(p => $"{p.Name} ({p.Default})")),
            AllowMultipleArgumentsPerToken = true,
        };
        var verb = new Verb("run", "Put the definition in place and start it. Exit code 3: the gate refused the model.",
            "pipeline run --wait", "pipeline run --wait --param AucThreshold=0.7 Split=time", "pipeline run --param CommitId=$(git rev-parse HEAD)")
        {
            specification, wait, parameters,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = new AwsSession();
            var path = parsed.GetValue(specification);
            var names = ProjectNames.FromEnvironment(Options.Load(path));
            var run = new PipelineRun(session, names, TimeProvider.System);
            var values = ReadParameters(parsed.GetValue(parameters) ?? []);
            var settings = await run.Prepare(Options.Text(path), cancellation);
            await run.Upsert(PipelineDefinition.Build(settings), cancellation);
            var execution = await run.Start(values, cancellation);
            AnsiConsole.MarkupLineInterpolated($"{execution}");
            return parsed.GetValue(wait) ? await Follow(run, execution, cancellation) : ExitCode.Done;
        });
        return verb;
    }

    /// <summary>Follows an execution with live progress and says how it ended.</summary>
    /// <exception cref="GateRefusedException">The gate refused the model.</exception>
    private static async Task<int> Follow(PipelineRun run, string execution, CancellationToken cancellation)
    {
        var ended = await ExecutionProgress.Follow(run, execution, TimeProvider.System, cancellation);
        var evaluation = Evaluation.Read(await run.ReadOutput(execution, Evaluation.File, cancellation));
        evaluation?.WriteTo(Console.Out);
        if (ended.ModelPackageArn is { } registered)
        {
            Console.WriteLine($"Registered {registered} (PendingManualApproval)");
        }

        return ended switch
        {
            { Status: "Succeeded" } => ExitCode.Done,
            { IsRefused: true } => throw new GateRefusedException(ended.Reason ?? "The gate refused the model."),
            _ => throw new WorkflowException($"The execution is {ended.Status}: {ended.Reason}"),
        };
    }

    private static Dictionary<string, string> ReadParameters(IEnumerable<string> given)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in given)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2 || PipelineDefinition.Parameters.All(p => p.Name != parts[0]))
            {
                throw new BadInputException($"--param {text}: give Name=Value with one of {string.Join(", ", PipelineDefinition.Parameters.Select(p => p.Name))}.");
            }

            values[parts[0]] = parts[1];
        }

        return values;
    }
}
