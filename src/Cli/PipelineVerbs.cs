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
            using var session = AwsEnvironment.Session();
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
        var parameters = Parameters();
        var noCache = NoCache();
        var verb = new Verb("run", "Put the definition in place and start it. Exit code 3: the gate refused the model.",
            "pipeline run --wait", "pipeline run --wait --param AucThreshold=0.7 Split=time", "pipeline run --param CommitId=$(git rev-parse HEAD)")
        {
            specification, wait, parameters, noCache,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var path = parsed.GetValue(specification);
            var names = ProjectNames.FromEnvironment(Options.Load(path));
            var run = new PipelineRun(session, names, TimeProvider.System);
            var values = ReadParameters(parsed.GetValue(parameters) ?? []);
            var settings = await run.Prepare(Options.Text(path), cancellation);
            await run.Upsert(PipelineDefinition.Build(settings with { Cache = !parsed.GetValue(noCache) }), cancellation);
            var execution = await run.Start(values, cancellation);
            Terminal.Console.MarkupLineInterpolated($"{execution}");
            return parsed.GetValue(wait)
                ? Conclude(await ExecutionProgress.Follow(run, execution, TimeProvider.System, cancellation))
                : ExitCode.Done;
        });
        return verb;
    }

    /// <summary>The option of verbs that train.</summary>
    public static Option<bool> NoCache() => new("--no-cache") { Description = "Train anew, where an earlier training had the same data, specification and parameters" };

    /// <summary>The option for the pipeline's parameters.</summary>
    public static Option<string[]> Parameters() => new("--param")
    {
        Description = "A parameter of the pipeline as Name=Value: " + string.Join(", ", PipelineDefinition.Parameters.Select(p => $"{p.Name} ({p.Default})")),
        AllowMultipleArgumentsPerToken = true,
    };

    /// <summary>Says how an execution ended.</summary>
    /// <exception cref="GateRefusedException">The gate refused the model.</exception>
    public static int Conclude(EndedExecution ended)
    {
        ended.Evaluation?.WriteTo(Console.Out);
        foreach (var page in ended.Reports)
        {
            Console.WriteLine($"Report: {page}");
        }

        if (ended.ModelPackageArn is { } version)
        {
            Console.WriteLine(ended.IsNew ? $"Registered {version} (PendingManualApproval)"
                : $"{version} holds this very model already: nothing was trained anew, and no second version was registered.");
        }

        return ended switch
        {
            { Status: "Succeeded" } => ExitCode.Done,
            { IsRefused: true } => throw new GateRefusedException(ended.Reason ?? "The gate refused the model."),
            _ => throw new WorkflowException($"The execution is {ended.Status}: {ended.Reason}"),
        };
    }

    /// <summary>Reads what <see cref="Parameters"/> was given.</summary>
    /// <exception cref="BadInputException">It is no parameter of the pipeline.</exception>
    public static Dictionary<string, string> ReadParameters(IEnumerable<string> given)
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
