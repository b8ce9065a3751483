namespace Slipway.Workflow.DataSets;

/// <summary>A fault in a specification file.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The place in the line, from 1.</param>
/// <param name="Member">The member, for example <c>features[2].min</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and what to do.</param>
public sealed record SpecificationError(long Line, long Column, string Member, string Message);

/// <summary>A data set specification that can't be used; lists every fault that was found.</summary>
public sealed class SpecificationException(string source, IReadOnlyList<SpecificationError> errors)
    : BadInputException(string.Join('\n', errors.Select(error => Describe(source, error))))
{
    /// <summary>The faults, in the order of the file.</summary>
    public IReadOnlyList<SpecificationError> Errors { get; } = errors;

    private static string Describe(string source, SpecificationError error) =>
        $"{source}, line {error.Line}, column {error.Column}: "
        + (error.Member.Length == 0 ? "" : error.Member + ": ") + error.Message;
}
