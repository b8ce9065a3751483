using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>What the actions of an execution have made so far; a rollback has what the execution that it goes back to made.</summary>
/// <param name="Artifacts">The artifacts, by name.</param>
/// <param name="Namespaces">The variables, by namespace.</param>
internal sealed record ExecutionData(
    IReadOnlyDictionary<string, ArtifactDetail> Artifacts, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Namespaces)
{
    /// <summary>What there is now.</summary>
    public static ExecutionData Of(ExecutionRow execution, ExecutionStore store)
    {
        var runs = (execution.RollbackOf is { } target ? store.Actions(target) : []).Concat(store.Actions(execution.Id))
            .Where(r => r.Status == ActionExecutionStatus.Succeeded).ToList();
        var namespaces = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["codepipeline"] = new Dictionary<string, string> { ["PipelineExecutionId"] = execution.Id },
            ["variables"] = execution.Variables.ToDictionary(v => v.Name, v => v.ResolvedValue),
        };
        var artifacts = new Dictionary<string, ArtifactDetail>();
        foreach (var run in runs)
        {
            if (run.Input.Namespace is { } name)
            {
                namespaces[name] = run.Result.Variables;
            }

            foreach (var artifact in run.OutputArtifacts)
            {
                artifacts[artifact.Name] = artifact;
            }
        }

        return new(artifacts, namespaces);
    }

    /// <summary>An artifact that an earlier action made; the structure's check says that there is one.</summary>
    public ArtifactDetail Artifact(string name) => Artifacts[name];
}
