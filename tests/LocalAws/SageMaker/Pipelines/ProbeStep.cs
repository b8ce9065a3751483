using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;

namespace Slipway.Tests.LocalAws.SageMaker.Pipelines;

/// <summary>A step type of a test: each attempt waits until the test says how it ends, or until it is to stop.</summary>
internal sealed class ProbeStep : StepType
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<StepResult>> _results = new();
    private readonly SemaphoreSlim _started = new(0);
    private int _running;

    public override string Name => "Probe";

    public override bool TakesRetryPolicies => true;

    public override IReadOnlyList<string> CachedArguments { get; } = ["Input"];

    public override Type? Properties => typeof(Answer);

    /// <summary>Every attempt that was started, in order.</summary>
    public ConcurrentQueue<StepAttempt> Attempts { get; } = new();

    /// <summary>The most attempts that ever ran at once.</summary>
    public int Most { get; private set; }

    public override void Check(JsonElement arguments, string where, ExpressionKinds kinds)
    {
    }

    public override async Task<StepResult> Run(StepAttempt attempt, CancellationToken shutdown)
    {
        lock (_results)
        {
            Most = Math.Max(Most, ++_running);
        }

        attempt.Executing(new(ProcessingJob: new(attempt.ResourceName(null))));
        Attempts.Enqueue(attempt);
        _started.Release();
        using var registration = attempt.StopRequested.Register(() => End(attempt.Step.Name, new(StepStatus.Stopped)));
        try
        {
            return await Result(attempt.Step.Name).Task.WaitAsync(shutdown);
        }
        finally
        {
            _results.TryRemove(attempt.Step.Name, out _);
            lock (_results)
            {
                _running--;
            }
        }
    }

    /// <summary>Waits until so many more attempts have started.</summary>
    public async Task Started(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Assert.True(await _started.WaitAsync(Patience.Limit), "no further attempt started");
        }
    }

    /// <summary>Lets a step's attempt succeed, and answer a text.</summary>
    public void Succeed(string step, string text = "") => End(step, new(StepStatus.Succeeded, Properties: JsonSerializer.SerializeToElement(new Answer(text))));

    /// <summary>Lets a step's attempt end.</summary>
    public void End(string step, StepResult result) => Result(step).TrySetResult(result);

    /// <summary>Lets a step's attempt fail as local AWS itself does.</summary>
    public void Break(string step, Exception cause) => Result(step).TrySetException(cause);

    private TaskCompletionSource<StepResult> Result(string step) => _results.GetOrAdd(step, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    /// <summary>What references to such a step find.</summary>
    internal sealed record Answer(string Text)
    {
        public string Text { get; init; } = Text;
    }
}
