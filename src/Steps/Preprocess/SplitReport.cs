using Slipway.Steps.Data;

namespace Slipway.Steps.Preprocess;

/// <summary>split.json: how the rows were divided, and what leaks from one part into another.</summary>
/// <param name="DataSet">The data set's name.</param>
/// <param name="Strategy"><c>group</c>, <c>random</c> or <c>time</c>: what was used.</param>
/// <param name="Why">Why that.</param>
/// <param name="GroupColumn">The column whose rows belong together; null where there is none.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Shares">The shares asked for, by part.</param>
/// <param name="Rows">The rows, by part.</param>
/// <param name="PositiveRows">The rows with the positive label, by part.</param>
/// <param name="Leakage">What leaks.</param>
internal sealed record SplitReport(
    string DataSet, string Strategy, string Why, string? GroupColumn, int Seed, IReadOnlyDictionary<string, double> Shares,
    IReadOnlyDictionary<string, long> Rows, IReadOnlyDictionary<string, long> PositiveRows, Leakage Leakage);
