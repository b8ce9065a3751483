using System.Globalization;
using Slipway.Steps.Data;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Validate;

/// <summary>One thing that validation found.</summary>
/// <param name="Severity"><c>error</c>: the data can't be used; <c>warning</c>: a person should look.</param>
/// <param name="Check">Which rule: schema, identifier, event_time, group, range, allowed_values, label, balance, missing, constant, duplicates, leakage, size or drift.</param>
/// <param name="Column">The column; null for the rows as a whole.</param>
/// <param name="Count">The rows that it touches; 0 where that makes no sense.</param>
/// <param name="Message">What was found, for people.</param>
internal sealed record Finding(string Severity, string Check, string? Column, long Count, string Message);

/// <summary>The rules.</summary>
internal sealed class Findings
{
    private readonly List<Finding> _found = [];

    /// <summary>What was found, errors first.</summary>
    public IReadOnlyList<Finding> All => [.. _found.OrderBy(finding => finding.Severity, StringComparer.Ordinal)];

    /// <summary>Columns that are missing or of another type.</summary>
    public void Schema(DataFile file)
    {
        foreach (var problem in file.Problems)
        {
            Error("schema", null, 0, problem);
        }
    }

    /// <summary>Identifiers, event times, values and label.</summary>
    public void Values(DataStatistics data, DataSetSpecification specification)
    {
        ErrorIf(data.IdentifiersMissing, "identifier", specification.RecordIdentifier.Column, "rows have no identifier.");
        ErrorIf(data.IdentifiersRepeated, "identifier", specification.RecordIdentifier.Column, "rows repeat the identifier of another row.");
        ErrorIf(data.EventTimesMissing, "event_time", specification.EventTime.Column, "rows have no event time.");
        ErrorIf(data.GroupsMissing, "group", specification.Group!,
            $"rows have no value; every row needs it, as all rows of one value stay on one side of the split. Such are the records {string.Join(", ", data.WithoutGroup)}.");
        foreach (var column in data.Columns.SkipLast(1))
        {
            var feature = specification.Features.Single(feature => feature.Column == column.Name);
            ErrorIf(column.Unexpected, column.Number is null ? "allowed_values" : "range", column.Name,
                $"rows have a value that is {Allowed(feature)}, for example '{column.UnexpectedExample}'.");
            Missing(column, data.Rows);
        }
        Label(data, specification);
        if (data.Rows < 1000)
        {
            Warning("size", null, data.Rows, $"There are only {data.Rows} rows; measures of the model will be uncertain.");
        }
    }

    /// <summary>Exact copies and groups, within the split that was chosen and in a random one.</summary>
    public void Leakage(Leakage chosen, Leakage random, string strategy, DataStatistics data, DataSetSpecification specification)
    {
        if (chosen.ExactCopies > 0)
        {
            Warning("duplicates", null, chosen.ExactCopies,
                $"{Number(chosen.ExactCopies)} rows ({Percent(chosen.ExactCopies, data.Rows)}) are exact copies of another row.");
        }
        if (chosen.CopiesAcrossSplit > 0)
        {
            Warning("leakage", null, chosen.CopiesAcrossSplit,
                $"With the split used ({strategy}), {Number(chosen.CopiesAcrossSplit)} held-out rows are exact copies of rows that are trained on: measures of the model will be too good.");
        }
        if (chosen.RowsOfGroupsAcrossSplit > 0)
        {
            Warning("leakage", specification.Group, chosen.RowsOfGroupsAcrossSplit,
                $"With the split used ({strategy}), {Number(chosen.RowsOfGroupsAcrossSplit)} held-out rows have a value of {specification.Group} that is trained on: measures of the model may be too good.");
        }
        if (chosen.RepeatingGroups > 0 && chosen.RepeatingGroupsOfOneLabel == chosen.RepeatingGroups)
        {
            Warning("leakage", specification.Group, chosen.RepeatingGroups,
                $"Each of the {Number(chosen.RepeatingGroups)} repeating values of {specification.Group} has one label on all its rows: who has seen one row knows the others.");
        }
        if (strategy == "group" && random.CopiesAcrossSplit > 0)
        {
            Warning("leakage", specification.Group, random.RowsOfGroupsAcrossSplit,
                $"A random split would hold out {Number(random.CopiesAcrossSplit)} exact copies of rows that are trained on, and {Number(random.RowsOfGroupsAcrossSplit)} rows whose value of {specification.Group} is; the split used keeps each value on one side.");
        }
    }

    /// <summary>Columns that have moved from the champion's baseline.</summary>
    public void Moved(Drift drift)
    {
        foreach (var column in drift.Columns.Where(column => column.Psi > Drift.Threshold))
        {
            Warning("drift", column.Name, 0, string.Create(CultureInfo.InvariantCulture,
                $"'{column.Name}' has drifted from the champion's baseline: population stability index {column.Psi:0.000}, above {Drift.Threshold}."));
        }
    }

    private void Missing(ColumnStatistics column, long rows)
    {
        if (column.Present == 0)
        {
            Warning("missing", column.Name, rows, $"'{column.Name}' has no known value.");
        }
        else if (column.MissingRate > 0.5)
        {
            Warning("missing", column.Name, column.Missing, $"'{column.Name}' is missing in {Percent(column.Missing, rows)} of the rows.");
        }
        if (column.Present > 0 && (column.Number is { } number ? number.Min >= number.Max : column.Values!.Count(value => value.Count > 0) == 1 && column.Unexpected == 0))
        {
            Warning("constant", column.Name, column.Present, $"'{column.Name}' has one value wherever it is known.");
        }
    }

    private void Label(DataStatistics data, DataSetSpecification specification)
    {
        var (label, column) = (specification.Label, data.Columns[^1]);
        ErrorIf(column.Missing, "label", label.Column, "rows have no label.");
        ErrorIf(column.Unexpected, "label", label.Column,
            $"rows have a label that is neither '{label.Positive}' nor '{label.Negative}', for example '{column.UnexpectedExample}'.");
        var minority = Math.Min(data.Positive, column.Present - column.Unexpected - data.Positive);
        if (minority == 0)
        {
            Error("label", label.Column, data.Rows, $"All rows have the same label: there is nothing to learn in '{label.Column}'.");
        }
        else if (minority < 0.05 * data.Rows)
        {
            Warning("balance", label.Column, minority, $"Only {Percent(minority, data.Rows)} of the rows have the rarer label.");
        }
    }

    private static string Allowed(Feature feature) => feature switch
    {
        NumberFeature { Min: { } min, Max: { } max } => $"outside {min} to {max}",
        NumberFeature { Min: { } min } => $"below {min}",
        NumberFeature { Max: { } max } => $"above {max}",
        NumberFeature => "not finite",
        CategoryFeature category => $"not one of {string.Join(", ", category.Values)}",
        _ => "not allowed",
    };

    private void ErrorIf(long count, string check, string column, string message)
    {
        if (count > 0)
        {
            Error(check, column, count, $"'{column}': {Number(count)} {message}");
        }
    }

    private void Error(string check, string? column, long count, string message) => _found.Add(new Finding("error", check, column, count, message));

    private void Warning(string check, string? column, long count, string message) => _found.Add(new Finding("warning", check, column, count, message));

    private static string Number(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(long part, long whole) => ((double)part / whole).ToString("0.0 %", CultureInfo.InvariantCulture);
}
