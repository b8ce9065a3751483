using System.Text.RegularExpressions;

namespace Slipway.Workflow.DataSets;

/// <summary>What holds of the names of a specification's columns.</summary>
internal static partial class SpecificationColumns
{
    /// <summary>Columns that the Feature Store or the pipeline's steps add themselves.</summary>
    internal static readonly string[] Reserved =
        ["write_time", "api_invocation_time", "is_deleted", "__label", "__group", "__row"];

    /// <summary>Notes each name that is taken, reserved or no name of a feature.</summary>
    public static void Check(YamlMembers yaml, DataSetSpecification specification)
    {
        var used = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (column, member) in Names(specification))
        {
            if (column.Length == 0)
            {
                continue;
            }
            if (!used.TryAdd(column, member))
            {
                yaml.Fault(member, $"'{column}' is already used in '{used[column]}'.");
            }
            else if (Reserved.Contains(column, StringComparer.OrdinalIgnoreCase))
            {
                yaml.Fault(member, $"'{column}' is the name of a column that Slipway or the Feature Store adds; give it another with 'csv_columns'.");
            }
            else if (member is not ("personal_data" or "ignored_columns") && !FeatureName().IsMatch(column))
            {
                yaml.Fault(member, $"'{column}' can't be a name in the Feature Store (letters, digits, _ and -, at most 64, beginning with a letter or digit); name it so and give the CSV's header in 'csv_columns'.");
            }
        }
        foreach (var name in specification.CsvColumns.Keys.Where(name => !used.ContainsKey(name)))
        {
            yaml.Fault("csv_columns", $"'{name}' is no column of this specification.");
        }
    }

    private static IEnumerable<(string Name, string Member)> Names(DataSetSpecification specification)
    {
        yield return (specification.RecordIdentifier.Column, "record_identifier");
        yield return (specification.EventTime.Column, "event_time");
        yield return (specification.Label.Column, "label");
        if (specification.Group is { } group && group != specification.RecordIdentifier.Column)
        {
            yield return (group, "group");
        }
        foreach (var feature in specification.Features)
        {
            yield return (feature.Column, "features");
        }
        foreach (var feature in specification.Features.Where(feature => feature.KnownIndicator is not null))
        {
            yield return (feature.KnownIndicator!, "features");
        }
        foreach (var column in specification.PersonalData)
        {
            yield return (column, "personal_data");
        }
        foreach (var column in specification.IgnoredColumns)
        {
            yield return (column, "ignored_columns");
        }
    }

    [GeneratedRegex("^[a-zA-Z0-9]([-_]*[a-zA-Z0-9]){0,63}$", RegexOptions.ExplicitCapture)]
    private static partial Regex FeatureName();
}
