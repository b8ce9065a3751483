using Slipway.Steps.Data;

namespace Slipway.Steps.Validate;

/// <summary>validation.json.</summary>
/// <param name="DataSet">The data set's name.</param>
/// <param name="Passed">True where there is no error.</param>
/// <param name="Rows">All rows; 0 where the schema did not fit.</param>
/// <param name="PositiveRate">The share of rows with the positive label.</param>
/// <param name="Findings">Errors, then warnings.</param>
/// <param name="Columns">The features in order, then the label.</param>
/// <param name="Split">The split used and what leaks across it; null where the data has errors.</param>
/// <param name="RandomSplit">What would leak across a random split; null where the data has errors.</param>
/// <param name="Drift">The comparison with the champion's baseline; null where the data has errors.</param>
internal sealed record ValidationReport(
    string DataSet, bool Passed, long Rows, double PositiveRate, IReadOnlyList<Finding> Findings,
    IReadOnlyList<ColumnStatistics> Columns, ValidationSplit? Split, Leakage? RandomSplit, Drift? Drift);

/// <summary>The split used.</summary>
/// <param name="Strategy"><c>group</c>, <c>random</c> or <c>time</c>.</param>
/// <param name="Why">Why that.</param>
/// <param name="Leakage">What leaks across it.</param>
internal sealed record ValidationSplit(string Strategy, string Why, Leakage Leakage);
