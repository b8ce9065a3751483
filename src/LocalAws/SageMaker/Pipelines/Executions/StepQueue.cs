using System.Diagnostics.CodeAnalysis;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>The steps of an execution whose needs are met and that have not begun.</summary>
internal sealed class StepQueue
{
    private readonly ILookup<string, PipelineStep> _dependents;
    private readonly Dictionary<string, int> _missing;
    private readonly HashSet<string> _begun;
    private readonly HashSet<string> _skipped = [];
    private readonly Queue<PipelineStep> _ready = new();

    /// <param name="steps">All steps.</param>
    /// <param name="begun">The names of those that have begun already.</param>
    public StepQueue(IReadOnlyCollection<PipelineStep> steps, IEnumerable<string> begun)
    {
        _begun = [.. begun];
        _dependents = steps.SelectMany(s => s.Needs.Select(need => (need, s))).ToLookup(p => p.need, p => p.s);
        _missing = steps.ToDictionary(s => s.Name, s => s.Needs.Count);
        foreach (var step in steps.Where(s => s.Needs.Count == 0 && !_begun.Contains(s.Name)))
        {
            _ready.Enqueue(step);
        }
    }

    /// <summary>Takes the next step; false where none is ready.</summary>
    public bool TryNext([NotNullWhen(true)] out PipelineStep? step) => _ready.TryDequeue(out step);

    /// <summary>A step has succeeded: what waited for it alone is ready, and the branch that its condition did not take never will be.</summary>
    /// <param name="name">The step.</param>
    /// <param name="outcome">What it decided, <c>True</c> or <c>False</c>, where it is a condition.</param>
    public void Succeeded(string name, string? outcome)
    {
        if (outcome is not null)
        {
            foreach (var skipped in _dependents[name].Where(s => s.Branch?.Condition == name && s.Branch.If != (outcome == "True")))
            {
                Skip(skipped);
            }
        }

        foreach (var next in _dependents[name].Where(s => --_missing[s.Name] == 0 && !_skipped.Contains(s.Name) && !_begun.Contains(s.Name)))
        {
            _ready.Enqueue(next);
        }
    }

    private void Skip(PipelineStep step)
    {
        if (_skipped.Add(step.Name))
        {
            foreach (var dependent in _dependents[step.Name])
            {
                Skip(dependent);
            }
        }
    }
}
