using Slipway.Aws.CodePipeline;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>Checks that each artifact is made once, and before it is taken: so there are no circles either.</summary>
internal static class ArtifactCheck
{
    /// <exception cref="Aws.Wire.AwsException">InvalidStructureException.</exception>
    public static void Check(PipelineDeclaration pipeline)
    {
        var outputs = pipeline.Stages.SelectMany(s => s.Actions).SelectMany(a => a.OutputArtifacts ?? []).Select(a => a.Name);
        if (StructureCheck.Twice(outputs) is { } name)
        {
            throw CodePipelineErrors.Structure($"Output Artifact Bundle name must be unique within the pipeline. {name} has been used more than once");
        }

        var made = new HashSet<string>();
        foreach (var group in pipeline.Stages.SelectMany(s => s.Actions.GroupBy(a => a.RunOrder ?? 1).OrderBy(g => g.Key).Select(g => (Stage: s, Actions: g))))
        {
            foreach (var action in group.Actions)
            {
                if ((action.InputArtifacts ?? []).FirstOrDefault(a => !made.Contains(a.Name)) is { } missing)
                {
                    throw CodePipelineErrors.Structure(
                        $"Input Artifact Bundle {missing.Name} in action {action.Name} of stage {group.Stage.Name} is not declared as Output Artifact Bundle in any of the preceding actions");
                }
            }

            made.UnionWith(group.Actions.SelectMany(a => a.OutputArtifacts ?? []).Select(a => a.Name));
        }
    }
}
