using System.CommandLine;
using System.Globalization;
using System.Text;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Workflow;
using Slipway.Workflow.Pipelines;
using Slipway.Workflow.Platform;

namespace Slipway.Cli;

/// <summary><c>slipway train</c>: what a build of the stage TrainAndRegister runs.</summary>
internal static class TrainVerb
{
    public static Command Verb()
    {
        var specification = Options.Specification();
        var commit = new Option<string?>("--commit") { Description = "The commit that the version is said to come from (default: that of --param, else CODEBUILD_RESOLVED_SOURCE_VERSION)" };
        var parameters = PipelineVerbs.Parameters();
        var variables = new Option<string?>("--variables")
        {
            Description = $"A file for a shell to read: exports {BuildVariableNames.ModelPackageArn}, {BuildVariableNames.ModelVersion}, {BuildVariableNames.ModelAuc} and {BuildVariableNames.ModelIsNew}",
        };
        var noCache = PipelineVerbs.NoCache();
        var verb = new Verb("train", "Train, evaluate and register, as cdk.json says: by a SageMaker Pipeline (\"use_sm_pipeline\": true) or by the jobs themselves. Exit code 3: the gate refused the model.",
            "train", "train --commit $(git rev-parse HEAD) --variables model.env", "train --no-cache --param AucThreshold=0.7")
        {
            specification, commit, parameters, variables, noCache,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var written = parsed.GetValue(variables) is { } file ? Options.Writable("--variables", file) : null;
            var path = parsed.GetValue(specification);
            var names = ProjectNames.FromEnvironment(Options.Load(path));
            var values = PipelineVerbs.ReadParameters(parsed.GetValue(parameters) ?? []);
            if (parsed.GetValue(commit) is { } id)
            {
                values["CommitId"] = id;
            }
            else if (Options.Variable("CODEBUILD_RESOLVED_SOURCE_VERSION") is { } built)
            {
                values.TryAdd("CommitId", built);
            }

            var isCached = !parsed.GetValue(noCache) && Options.Variable(BuildVariableNames.NoCache) is not "true";
            var run = new PipelineRun(session, names, TimeProvider.System);
            var settings = await run.Prepare(Options.Text(path), cancellation) with { Cache = isCached };
            var ended = CdkContext.Load(".").UseSmPipeline
                ? await ByPipeline(run, settings, values, cancellation)
                : await ByJobs(session, names, settings, values, cancellation);
            var status = PipelineVerbs.Conclude(ended);
            await WriteVariables(session, ended, written, cancellation);
            return status;
        });
        return verb;
    }

    private static async Task<EndedExecution> ByPipeline(
        PipelineRun run, PipelineSettings settings, IReadOnlyDictionary<string, string> values, CancellationToken cancellation)
    {
        // a build that was cut short has left its execution behind: the build after it follows that one
        var name = Options.Variable(BuildVariableNames.ExecutionId) is { } id ? $"codepipeline-{id}" : null;
        var execution = name is null ? null : await run.FindRunning(name, cancellation);
        if (execution is null)
        {
            await run.Upsert(PipelineDefinition.Build(settings), cancellation);
            execution = await run.Start(values, cancellation, name);
        }

        Console.WriteLine(execution);
        return await ExecutionProgress.Follow(run, execution, TimeProvider.System, cancellation);
    }

    private static async Task<EndedExecution> ByJobs(
        AwsSession session, ProjectNames names, PipelineSettings settings, IReadOnlyDictionary<string, string> values, CancellationToken cancellation)
    {
        var origin = Options.Variable("CODEBUILD_BUILD_ARN") ?? "slipway-train";
        Console.WriteLine("cdk.json asks for no SageMaker Pipeline: the jobs run one after the other from here.");
        return await ExecutionProgress.Follow(
            changed => new DirectRun(session, names, TimeProvider.System).Run(PipelineDefinition.Build(settings), values, origin, changed, cancellation), TimeProvider.System, cancellation);
    }

    private static async Task WriteVariables(AwsSession session, EndedExecution ended, string? file, CancellationToken cancellation)
    {
        if (file is null || ended.ModelPackageArn is not { } arn)
        {
            return;
        }

        var version = await session.Aws.Send(new DescribeModelPackage(arn), cancellation);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"export {BuildVariableNames.ModelPackageArn}='{arn}'\n");
        text.Append(CultureInfo.InvariantCulture, $"export {BuildVariableNames.ModelVersion}='{version.ModelPackageVersion}'\n");
        text.Append(CultureInfo.InvariantCulture, $"export {BuildVariableNames.ModelAuc}='{ended.Evaluation?.Auc:F4}'\n");
        text.Append(CultureInfo.InvariantCulture, $"export {BuildVariableNames.ModelIsNew}='{(ended.IsNew ? "true" : "false")}'\n");
        var unfinished = file + ".part";
        await File.WriteAllTextAsync(unfinished, text.ToString(), cancellation);
        File.Move(unfinished, file, overwrite: true);
    }
}
