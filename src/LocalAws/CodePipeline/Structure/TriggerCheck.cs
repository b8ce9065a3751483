using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>Checks triggers. AWS has them for sources by a connection alone; here they are of CodeCommit sources, and there are no pull requests.</summary>
internal static class TriggerCheck
{
    /// <exception cref="AwsException">InvalidStructureException, NotImplemented.</exception>
    public static void Check(PipelineDeclaration pipeline)
    {
        var triggers = (pipeline.Triggers ?? []).Select(t => t.GitConfiguration).ToList();
        if (StructureCheck.Twice(triggers.Select(t => t.SourceActionName)) is { } twice)
        {
            throw CodePipelineErrors.Structure($"The source action '{twice}' has more than one trigger");
        }

        foreach (var trigger in triggers)
        {
            var source = pipeline.Stages[0].Actions.FirstOrDefault(a => a.Name == trigger.SourceActionName)
                ?? throw CodePipelineErrors.Structure($"The trigger's sourceActionName '{trigger.SourceActionName}' is no action of the source stage");
            if (source.ActionTypeId.Provider != "CodeCommit")
            {
                throw CodePipelineErrors.Structure($"The trigger's sourceActionName '{trigger.SourceActionName}' is a source of {source.ActionTypeId.Provider}, which has no pushes");
            }

            if (trigger.PullRequest is not null)
            {
                throw AwsErrors.NotImplemented($"a trigger by pull requests (of source action {trigger.SourceActionName})");
            }

            foreach (var push in trigger.Push ?? [])
            {
                CheckPush(push, trigger.SourceActionName);
            }
        }
    }

    private static void CheckPush(GitPushFilter push, string source)
    {
        if (push.Tags is not null && (push.Branches is not null || push.FilePaths is not null))
        {
            throw CodePipelineErrors.Structure($"A push filter of source action '{source}' has tags beside branches or filePaths; it has either");
        }

        if (push is { FilePaths: not null, Branches: null } or { Tags: null, Branches: null })
        {
            throw CodePipelineErrors.Structure($"A push filter of source action '{source}' needs tags or branches; filePaths stand beside branches");
        }

        (IReadOnlyList<string>? Includes, IReadOnlyList<string>? Excludes)[] filters =
            [(push.Tags?.Includes, push.Tags?.Excludes), (push.Branches?.Includes, push.Branches?.Excludes), (push.FilePaths?.Includes, push.FilePaths?.Excludes)];
        foreach (var pattern in filters.SelectMany(f => (f.Includes ?? []).Concat(f.Excludes ?? [])))
        {
            if (pattern.Length is 0 or > 255 || GlobPattern.Fault(pattern) is not null)
            {
                throw CodePipelineErrors.Structure($"The pattern '{pattern}' of source action '{source}' is not valid: {GlobPattern.Fault(pattern) ?? "it has 1 to 255 characters"}");
            }
        }
    }
}
