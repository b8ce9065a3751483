using System.Text.Json.Nodes;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodeBuild;
using Slipway.LocalAws.CodePipeline.Executions;
using EnvironmentVariable = Slipway.Aws.CodeBuild.EnvironmentVariable;

namespace Slipway.LocalAws.CodePipeline.Actions;

/// <summary>
/// Builds or tests by a project of CodeBuild: https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html.
/// The run's id is the build's token, so that a crash starts no second build.
/// </summary>
internal sealed class CodeBuildAction(PipelineBuilds builds, ExecutionStore store, ArtifactPlaces places, LocalAwsOptions options) : IActionProvider
{
    private const string Succeeded = "SUCCEEDED";

    public bool Does(ActionTypeId type) => type is { Category: ActionCategory.Build or ActionCategory.Test, Provider: "CodeBuild" };

    public async Task<ActionResult> Run(ActionRow run, CancellationToken cancellation)
    {
        var started = builds.Start(Request(run), options.Caller(run.Input.Region));
        // the build can be seen while it runs
        store.Note(run.Id, r => r with { Result = Result(started) });
        var ended = await builds.End(started.Id, cancellation) ?? throw new ActionFailedException("JobFailed", $"The build {started.Id} was deleted.");
        var result = Result(ended) with
        {
            Summary = $"Build terminated with state: {ended.BuildStatus}",
            Variables = (ended.ExportedEnvironmentVariables ?? []).Where(v => v.Name is not null).ToDictionary(v => v.Name!, v => v.Value ?? ""),
        };
        return ended.BuildStatus == Succeeded ? result with { Summary = null } : result with { Error = new("JobFailed", $"{result.Summary}.{Why(ended)}") };
    }

    private static ActionResult Result(Build build) => new()
    {
        ExternalId = build.Id, ExternalUrl = build.Logs.DeepLink, LogStreamArn = build.Logs.CloudWatchLogsArn,
    };

    /// <summary>The phase that failed, in AWS's words.</summary>
    private static string Why(Build build) => build.Phases
        .Where(p => p.PhaseStatus is not (null or Succeeded)).SelectMany(p => (p.Contexts ?? []).Select(c => $" Phase: {p.PhaseType}, Code: {c.StatusCode}, Message: {c.Message}"))
        .FirstOrDefault() ?? "";

    private PipelineBuild Request(ActionRow run)
    {
        var inputs = run.Input.InputArtifacts;
        var primary = run.Setting("PrimarySource") is { } name ? inputs.First(a => a.Name == name) : inputs[0];
        return new(
            run.Setting("ProjectName")!, run.Id, $"codepipeline/{run.Pipeline}", Place(primary), [.. inputs.Where(a => a != primary).Select(Place)], [.. run.OutputArtifacts.Select(Place)])
        {
            ResolvedVersion = RevisionOf(run, primary.Name), EnvironmentVariables = Variables(run), EncryptionKey = places.KeyOf(run),
        };
    }

    /// <summary>What the artifact's source took, or null for an artifact that another action made.</summary>
    private string? RevisionOf(ActionRow run, string artifact)
    {
        var execution = store.Find(run.Execution)!;
        return store.Actions(execution.RollbackOf ?? execution.Id).LastOrDefault(a => a.OutputArtifacts.Any(o => o.Name == artifact))?.Result.Revision?.RevisionId;
    }

    private static List<EnvironmentVariable> Variables(ActionRow run) => run.Setting(VariableReferences.EnvironmentVariables) is not { } text ? []
        : [.. JsonNode.Parse(text)!.AsArray().Select(v => new EnvironmentVariable((string)v!["name"]!, (string)v["value"]!, (string?)v["type"]))];

    private static PipelineArtifact Place(ArtifactDetail artifact) => new(artifact.Name, artifact.S3Location.Bucket, artifact.S3Location.Key);
}
