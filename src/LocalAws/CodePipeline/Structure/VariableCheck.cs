using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Executions;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>Checks that each reference in a setting names a variable of the pipeline, or a namespace of an action that runs before.</summary>
internal static class VariableCheck
{
    private static readonly string[] Reserved = ["codepipeline", "variables"];

    /// <exception cref="Aws.Wire.AwsException">InvalidStructureException, InvalidActionDeclarationException.</exception>
    public static void Check(PipelineDeclaration pipeline)
    {
        var declared = (pipeline.Variables ?? []).Select(v => v.Name).ToList();
        if (StructureCheck.Twice(declared) is { } name)
        {
            throw CodePipelineErrors.Structure($"Variable names must be unique within a pipeline. The variable '{name}' has been declared more than once");
        }

        var namespaces = pipeline.Stages.SelectMany(s => s.Actions).Select(a => a.Namespace).OfType<string>().ToList();
        if (StructureCheck.Twice(namespaces) is { } twice)
        {
            throw CodePipelineErrors.Structure($"Namespaces must be unique within a pipeline. The namespace '{twice}' has been used more than once");
        }

        if (namespaces.Find(n => Reserved.Contains(n)) is { } reserved)
        {
            throw CodePipelineErrors.Structure($"The namespace '{reserved}' is reserved");
        }

        var known = new HashSet<string>(Reserved);
        foreach (var group in pipeline.Stages.SelectMany(s => s.Actions.GroupBy(a => a.RunOrder ?? 1).OrderBy(g => g.Key)))
        {
            foreach (var action in group)
            {
                CheckAction(action, declared, known);
            }

            known.UnionWith(group.Select(a => a.Namespace).OfType<string>());
        }
    }

    private static void CheckAction(ActionDeclaration action, List<string> declared, HashSet<string> known)
    {
        foreach (var text in action.Configuration?.Values ?? [])
        {
            if (VariableReferences.Malformed(text) is { } malformed)
            {
                throw CodePipelineErrors.Action(
                    $"Valid format for a pipeline execution variable reference is a namespace and a key separated by a period (.). The following reference in action '{action.Name}' is invalid: {malformed}");
            }

            foreach (var (space, name) in VariableReferences.In(text))
            {
                var isKnown = space switch
                {
                    "variables" => declared.Contains(name),
                    "codepipeline" => name == "PipelineExecutionId",
                    _ => known.Contains(space),
                };
                if (!isKnown)
                {
                    throw CodePipelineErrors.Action($"Action '{action.Name}' refers to #{{{space}.{name}}}: {(Reserved.Contains(space) ? "there is no such variable" : $"no preceding action has the namespace '{space}'")}");
                }
            }
        }
    }
}
