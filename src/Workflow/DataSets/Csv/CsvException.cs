namespace Slipway.Workflow.DataSets.Csv;

/// <summary>A CSV that can't be read on from a place, or whose header does not fit the specification.</summary>
public sealed class CsvException(string source, long line, string problem) : BadInputException($"{source}, line {line}: {problem}")
{
    /// <summary>The line, from 1.</summary>
    public long Line { get; } = line;
}
