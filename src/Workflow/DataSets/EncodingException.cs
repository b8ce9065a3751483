namespace Slipway.Workflow.DataSets;

/// <summary>A raw value or an encoded input that can't be used.</summary>
/// <param name="column">The column or input, or empty for the row as a whole.</param>
/// <param name="value">The value as it was given; null where the column itself is wrong.</param>
/// <param name="problem">What is wrong with it; reads on from the column and value.</param>
public sealed class EncodingException(string column, string? value, string problem)
    : Exception((column.Length == 0 ? "The row" : $"'{column}'") + (value is null ? "" : $": '{Shown.Text(value)}'") + " " + problem)
{
    /// <summary>The column or input; empty for the row as a whole.</summary>
    public string Column { get; } = column;

    /// <summary>The value as it was given; null where the column itself is wrong.</summary>
    public string? Value { get; } = value;
}
