using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>
/// Executions of some of a pipeline's steps: what they need of the others comes from an execution that ran before.
/// https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-selective-ex.html
/// </summary>
internal static class SelectiveExecution
{
    /// <summary>What runs of a definition: the selected steps, and those whose results they take, which have a row from the beginning.</summary>
    public static PipelineDefinition Part(PipelineDefinition definition, SelectiveExecutionConfig? config)
    {
        if (config is null)
        {
            return definition;
        }

        var selected = Names(config);
        var taken = Taken(definition, selected);
        return definition with
        {
            Steps =
            [
                .. definition.Steps.Where(s => taken.Contains(s.Name)).Select(s => s with { Needs = new HashSet<string>() }),
                .. definition.Steps.Where(s => selected.Contains(s.Name)),
            ],
        };
    }

    /// <summary>Checks a selection and gives the rows of the steps whose results it takes.</summary>
    /// <param name="definition">The pipeline's definition.</param>
    /// <param name="config">The selection.</param>
    /// <param name="source">The steps of the execution that the selection names; empty where it names none.</param>
    /// <exception cref="AwsException">ValidationException: it can't be run, and why.</exception>
    public static List<StepRow> Rows(PipelineDefinition definition, SelectiveExecutionConfig config, IReadOnlyList<StepRow> source)
    {
        var selected = Names(config);
        CheckPaths(definition, selected);
        var taken = Taken(definition, selected);
        if (taken.Count > 0 && config.SourcePipelineExecutionArn is null)
        {
            throw AwsErrors.Validation($"SelectiveExecutionConfig.SourcePipelineExecutionArn is required: the selected steps depend on {string.Join(", ", taken)}.");
        }

        var rows = taken.Select((name, ordinal) => Row(name, ordinal, source, config.SourcePipelineExecutionArn!)).ToList();
        CheckBranches(definition, selected, rows);
        return rows;
    }

    private static HashSet<string> Names(SelectiveExecutionConfig config) => [.. config.SelectedSteps.Select(s => s.StepName)];

    /// <summary>The steps outside of the selection that selected ones depend on, in the definition's order.</summary>
    private static List<string> Taken(PipelineDefinition definition, HashSet<string> selected)
    {
        var needed = definition.Steps.Where(s => selected.Contains(s.Name)).SelectMany(s => s.Needs).ToHashSet();
        return [.. definition.Steps.Select(s => s.Name).Where(name => needed.Contains(name) && !selected.Contains(name))];
    }

    /// <summary>A step between two selected ones would have to run, and can't be left out.</summary>
    private static void CheckPaths(PipelineDefinition definition, HashSet<string> selected)
    {
        var needs = definition.Steps.ToDictionary(s => s.Name, s => s.Needs);
        if (selected.FirstOrDefault(name => !needs.ContainsKey(name)) is { } unknown)
        {
            throw AwsErrors.Validation($"SelectiveExecutionConfig.SelectedSteps names the step '{unknown}', which the pipeline does not have.");
        }

        var below = new HashSet<string>(selected);
        while (needs.FirstOrDefault(s => !below.Contains(s.Key) && s.Value.Overlaps(below)).Key is { } further)
        {
            below.Add(further);
        }

        foreach (var left in below.Except(selected))
        {
            if (definition.Steps.FirstOrDefault(s => selected.Contains(s.Name) && s.Needs.Contains(left)) is { } after)
            {
                throw AwsErrors.Validation($"SelectiveExecutionConfig.SelectedSteps must have the step '{left}' too: it stands between selected steps, and '{after.Name}' depends on it.");
            }
        }
    }

    private static StepRow Row(string name, int ordinal, IReadOnlyList<StepRow> source, string arn) =>
        source.FirstOrDefault(r => r.Name == name) is { Status: StepStatus.Succeeded } row
            ? row with { Ordinal = ordinal, CacheSource = null, CacheKey = null }
            : throw AwsErrors.Validation($"The selected steps depend on the step '{name}', which has no result in {arn}.");

    /// <summary>A step of the branch that the reference did not take would never run.</summary>
    private static void CheckBranches(PipelineDefinition definition, HashSet<string> selected, List<StepRow> rows)
    {
        foreach (var step in definition.Steps.Where(s => selected.Contains(s.Name)))
        {
            if (step.Branch is { } branch && rows.FirstOrDefault(r => r.Name == branch.Condition) is { } decided && decided.Metadata!.Condition!.Outcome != (branch.If ? "True" : "False"))
            {
                throw AwsErrors.Validation($"The step '{step.Name}' can't run: the condition '{branch.Condition}' was {decided.Metadata.Condition.Outcome} in the source execution. Select the condition too.");
            }
        }
    }
}
