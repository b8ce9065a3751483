namespace Slipway.Steps.StepHost;

/// <summary>
/// One verb of <c>slipway-worker</c>. A class that implements it, with a constructor without parameters, is found by
/// itself: a new verb is a new file.
/// </summary>
public interface IStep
{
    /// <summary>The verb, for example <c>validate</c>.</summary>
    string Verb { get; }

    /// <summary>What the verb does and which arguments it takes, in one line.</summary>
    string Summary { get; }

    /// <summary>The arguments that the verb takes, each with its dashes (<c>--split</c>); each takes one value.</summary>
    IReadOnlyList<string> Arguments { get; }

    /// <summary>The file under the root that takes the reason of a failure, as SageMaker's contract for this kind of job has it.</summary>
    string FailureFile { get; }

    /// <summary>Does the work.</summary>
    /// <exception cref="StepFailedException">The work can't be done: the message says why.</exception>
    Task RunAsync(StepContext context, CancellationToken cancellation);
}
