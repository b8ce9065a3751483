using System.Text.Json;

namespace Slipway.LocalAws.SageMaker.Pipelines.Definitions;

/// <summary>Checks how a definition's steps hang together: what they refer to is there, of the right type, and no step waits for itself.</summary>
internal sealed class StepGraph
{
    private readonly IReadOnlyList<PipelineParameter> _parameters;
    private readonly IReadOnlyList<PipelineStep> _steps;
    private readonly Dictionary<string, PipelineParameter> _parameterOf;
    private readonly Dictionary<string, PipelineStep> _stepOf;

    public StepGraph(IReadOnlyList<PipelineParameter> parameters, IReadOnlyList<PipelineStep> steps)
    {
        (_parameters, _steps) = (parameters, steps);
        _parameterOf = parameters.ToDictionary(p => p.Name);
        _stepOf = steps.ToDictionary(s => s.Name);
    }

    /// <summary>The whole definition, each step with what it needs.</summary>
    public PipelineDefinition Check(JsonElement? experiment)
    {
        var kinds = new ExpressionKinds(_parameterOf, _stepOf);
        var steps = _steps.Select(step => step with { Needs = Needs(step) }).ToList();
        foreach (var step in steps)
        {
            step.Type.Check(step.Arguments, step.ArgumentsWhere, kinds);
        }

        CheckCycles(steps);
        CheckExperiment(experiment);
        return new(_parameters, experiment, steps);
    }

    private HashSet<string> Needs(PipelineStep step)
    {
        var needs = new HashSet<string>();
        foreach (var name in step.DependsOn)
        {
            needs.Add(_stepOf.ContainsKey(name) ? name : throw DefinitionErrors.At(step.Where, $"DependsOn names the step '{name}', which isn't there"));
        }

        foreach (var (where, expression) in Expression.In(step.Type.OwnArguments(step.Arguments), step.ArgumentsWhere))
        {
            if (CheckReference(expression, where) is { } needed)
            {
                needs.Add(needed);
            }
        }

        if (step.Branch is { } branch)
        {
            needs.Add(branch.Condition);
        }

        return needs;
    }

    /// <summary>Checks a reference and gives the step that it refers to, or null.</summary>
    private string? CheckReference(Expression expression, string where)
    {
        switch (expression)
        {
            case ParameterReference parameter when !_parameterOf.ContainsKey(parameter.Name):
                throw DefinitionErrors.At(where, $"unknown reference Parameters.{parameter.Name}: the pipeline has no such parameter");
            case StepProperty property:
                var target = Find(property.Step, $"Steps.{property.Step}.{property.Path.Text}", where);
                return target.Type.TypeOf(target, property.Path) is not null ? property.Step
                    : throw DefinitionErrors.At(where, $"unknown reference Steps.{property.Step}.{property.Path.Text}: a step of type {target.Type.Name} has no such property");
            case JsonGet { Step: { } owner } get:
                var reference = $"Steps.{owner}.PropertyFiles.{get.PropertyFile}";
                return Find(owner, reference, where).PropertyFiles.Any(f => f.PropertyFileName == get.PropertyFile) ? owner
                    : throw DefinitionErrors.At(where, $"unknown property file {reference}: the step has {Listed([.. _stepOf[owner].PropertyFiles.Select(f => f.PropertyFileName)])}");
            default:
                return null;
        }
    }

    private PipelineStep Find(string name, string reference, string where) =>
        _stepOf.GetValueOrDefault(name) ?? throw DefinitionErrors.At(where, $"unknown reference {reference}: there is no step '{name}'");

    private void CheckExperiment(JsonElement? experiment)
    {
        const string where = "PipelineExperimentConfig";
        if (experiment is not { } config)
        {
            return;
        }

        if (config.ValueKind != JsonValueKind.Object)
        {
            throw DefinitionErrors.At(where, "it must be a structure");
        }

        DefinitionReader.RequireOnly(config, where, "ExperimentName", "TrialName");
        foreach (var (place, expression) in Expression.In(config, where))
        {
            if (CheckReference(expression, place) is { } step)
            {
                throw DefinitionErrors.At(place, $"it can't refer to the step '{step}', which runs later");
            }
        }
    }

    /// <summary>Takes away steps whose needs are gone until none is left; what stays waits for itself.</summary>
    private static void CheckCycles(List<PipelineStep> steps)
    {
        var left = steps.ToDictionary(s => s.Name, s => s.Needs.Count);
        var waiting = steps.SelectMany(s => s.Needs.Select(need => (need, s.Name))).ToLookup(p => p.need, p => p.Name);
        var free = new Queue<string>(left.Where(s => s.Value == 0).Select(s => s.Key));
        while (free.TryDequeue(out var name))
        {
            left.Remove(name);
            foreach (var next in waiting[name].Where(next => --left[next] == 0))
            {
                free.Enqueue(next);
            }
        }

        if (left.Count > 0)
        {
            throw DefinitionErrors.At(steps.First(s => left.ContainsKey(s.Name)).Where, $"the steps wait for each other in a cycle: {string.Join(" -> ", Cycle(steps, left.Keys))}");
        }
    }

    private static List<string> Cycle(List<PipelineStep> steps, IReadOnlyCollection<string> waiting)
    {
        var path = new List<string>();
        var at = waiting.First();
        while (!path.Contains(at))
        {
            path.Add(at);
            at = steps.First(s => s.Name == at).Needs.First(waiting.Contains);
        }

        return [.. path[path.IndexOf(at)..], at];
    }

    private static string Listed(IReadOnlyList<string> names) => names.Count > 0 ? string.Join(", ", names) : "none";
}
