using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Steps;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>When a step is tried again: https://docs.aws.amazon.com/sagemaker/latest/dg/pipelines-retry-policy.html</summary>
internal static class StepRetries
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromHours(12);

    /// <summary>How long to wait for the next attempt after a failure, or null where there is none.</summary>
    public static TimeSpan? Delay(PipelineStep step, StepRow row, StepResult result, DateTimeOffset now)
    {
        if (result.ExceptionType is not { } type || step.RetryPolicies.FirstOrDefault(p => p.ExceptionType.Contains(type)) is not { } policy)
        {
            return null;
        }

        var delay = Interval(policy, row.Attempt);
        var goesOn = policy.MaxAttempts is { } most ? row.Attempt <= most : now + delay <= row.Started.AddMinutes(policy.ExpireAfterMin!.Value);
        return goesOn ? delay : null;
    }

    /// <summary>The time until the next attempt of a step that waits for it: no longer than a policy makes it wait, whatever the clock has done meanwhile.</summary>
    public static TimeSpan Remaining(PipelineStep step, StepRow row, DateTimeOffset now)
    {
        var longest = step.RetryPolicies.Max(p => Interval(p, row.Attempt - 1));
        return TimeSpan.FromTicks(Math.Clamp((row.RetryAt!.Value - now).Ticks, 0, longest.Ticks));
    }

    /// <summary>How long a policy waits after an attempt.</summary>
    private static TimeSpan Interval(RetryPolicy policy, int attempt) =>
        TimeSpan.FromSeconds(Math.Min(policy.IntervalSeconds * Math.Pow(policy.BackoffRate, attempt - 1), LongestInterval.TotalSeconds));
}
