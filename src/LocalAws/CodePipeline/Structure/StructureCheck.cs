using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>Checks a pipeline's structure before it is kept: https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html</summary>
internal static class StructureCheck
{
    private const int FewestStages = 2;
    private const int MostStages = 50;
    private const int MostActionsOfStage = 50;

    /// <exception cref="AwsException">InvalidStructureException, InvalidStageDeclarationException, InvalidActionDeclarationException, NotImplemented.</exception>
    public static void Check(PipelineDeclaration pipeline, string region)
    {
        CheckStore(pipeline, region);
        CheckStages(pipeline);
        foreach (var stage in pipeline.Stages)
        {
            CheckStage(stage, pipeline);
            foreach (var action in stage.Actions)
            {
                ActionCheck.Check(action, region);
                ActionCheck.CheckEnvironment(action);
            }
        }

        ArtifactCheck.Check(pipeline);
        VariableCheck.Check(pipeline);
        CheckType(pipeline);
        TriggerCheck.Check(pipeline);
    }

    private static void CheckStore(PipelineDeclaration pipeline, string region)
    {
        if ((pipeline.ArtifactStore is null) == (pipeline.ArtifactStores is null))
        {
            throw CodePipelineErrors.Structure("A pipeline must have either an artifactStore or artifactStores, and not both");
        }

        if (pipeline.ArtifactStores is { } stores && !stores.ContainsKey(region))
        {
            throw CodePipelineErrors.Structure($"The artifactStores of pipeline {pipeline.Name} have none for its region {region}");
        }
    }

    private static void CheckStages(PipelineDeclaration pipeline)
    {
        var stages = pipeline.Stages;
        if (stages.Count is < FewestStages or > MostStages)
        {
            throw CodePipelineErrors.Structure(stages.Count < FewestStages
                ? $"Pipeline has only {stages.Count} stage(s). There should be a minimum of {FewestStages} stages in a pipeline"
                : $"Pipeline has {stages.Count} stages. There should be a maximum of {MostStages} stages in a pipeline");
        }

        if (Twice(stages.Select(s => s.Name)) is { } name)
        {
            throw CodePipelineErrors.Structure($"Stage names must be unique within a pipeline. The stage name '{name}' has been used more than once");
        }

        if (stages[0].Actions.Any(a => a.ActionTypeId.Category != ActionCategory.Source))
        {
            throw CodePipelineErrors.Structure("Pipeline should start with a stage that only contains source actions");
        }

        if (stages.Skip(1).FirstOrDefault(s => s.Actions.Any(a => a.ActionTypeId.Category == ActionCategory.Source)) is { } late)
        {
            throw CodePipelineErrors.Structure($"Source actions may only occur in the first stage of a pipeline, and stage '{late.Name}' has one");
        }
    }

    private static void CheckStage(StageDeclaration stage, PipelineDeclaration pipeline)
    {
        if (stage.Actions.Count is 0 or > MostActionsOfStage)
        {
            throw CodePipelineErrors.Stage($"Stage '{stage.Name}' has {stage.Actions.Count} actions. A stage has 1 to {MostActionsOfStage}");
        }

        if (Twice(stage.Actions.Select(a => a.Name)) is { } name)
        {
            throw CodePipelineErrors.Stage($"Action names must be unique within a stage. The action name '{name}' has been used more than once in stage '{stage.Name}'");
        }

        if (stage.Blockers is { Count: > 0 })
        {
            throw CodePipelineErrors.Of("InvalidBlockerDeclaration", $"The blockers of stage '{stage.Name}' are reserved for future use");
        }

        if (stage.OnSuccess is not null || stage.BeforeEntry is not null || stage.OnFailure?.Conditions is not null)
        {
            throw AwsErrors.NotImplemented($"conditions of stages ({(stage.BeforeEntry is not null ? "beforeEntry" : stage.OnSuccess is not null ? "onSuccess" : "onFailure.conditions")} of stage {stage.Name})");
        }

        CheckFailure(stage, pipeline);
    }

    private static void CheckFailure(StageDeclaration stage, PipelineDeclaration pipeline)
    {
        if (stage.OnFailure is not { } policy)
        {
            return;
        }

        if (policy.Result == "SKIP")
        {
            throw AwsErrors.NotImplemented($"the result SKIP of a stage's onFailure (stage {stage.Name})");
        }

        if (policy.RetryConfiguration is not null && policy.Result != "RETRY")
        {
            throw CodePipelineErrors.Stage($"The retryConfiguration in onFailure of stage '{stage.Name}' needs the result RETRY");
        }

        if (policy.Result == "ROLLBACK" && (stage == pipeline.Stages[0] || pipeline.ExecutionMode == ExecutionMode.PARALLEL))
        {
            throw CodePipelineErrors.Stage(stage == pipeline.Stages[0]
                ? $"The source stage '{stage.Name}' can't be rolled back"
                : $"Stage '{stage.Name}' can't be rolled back in a pipeline whose execution mode is PARALLEL");
        }
    }

    private static void CheckType(PipelineDeclaration pipeline)
    {
        if (pipeline.PipelineType == PipelineType.V2)
        {
            return;
        }

        var needs = pipeline.ExecutionMode is ExecutionMode.QUEUED or ExecutionMode.PARALLEL ? $"The execution mode {pipeline.ExecutionMode}"
            : pipeline.Variables is { Count: > 0 } ? "Pipeline-level variables"
            : pipeline.Triggers is { Count: > 0 } ? "Triggers"
            : pipeline.Stages.Any(s => s.OnFailure is not null) ? "A stage's onFailure"
            : null;
        if (needs is not null)
        {
            throw CodePipelineErrors.Structure($"{needs} can only be used in a pipeline of type V2");
        }
    }

    internal static string? Twice(IEnumerable<string> names) => names.GroupBy(n => n).FirstOrDefault(g => g.Count() > 1)?.Key;
}
