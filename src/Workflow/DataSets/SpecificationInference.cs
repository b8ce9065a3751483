using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// Writes a first specification from a CSV. What it can't know (is this the label? is this number a code? is this column
/// personal?) it decides in the likelier way and says so in a comment that begins with <c>check:</c>.
/// </summary>
public static partial class SpecificationInference
{
    private static readonly string[] PositiveValues = ["1", "1.0", "true", "True", "TRUE", "t", "T", "yes", "Yes", "YES", "y", "Y", "positive"];

    /// <summary>Infers a specification.</summary>
    /// <param name="path">The CSV.</param>
    /// <param name="label">The label's header, where it is known; null: the likeliest column of two values.</param>
    /// <returns>YAML that <see cref="DataSetSpecification.Parse"/> takes.</returns>
    /// <exception cref="CsvException">The file is not a CSV with rows, or has no column that can be the label.</exception>
    public static string Infer(string path, string? label = null)
    {
        var columns = CsvProfile.Of(path);
        var names = Names(columns);
        var roles = Roles.Of(columns, label, path);
        var yaml = new StringBuilder();
        yaml.Append(CultureInfo.InvariantCulture, $"# Inferred from {Path.GetFileName(path)}: {columns[0].Rows} rows. Look at each line that says check.\n");
        yaml.Append(CultureInfo.InvariantCulture, $"name: {DataSetName(path)}\n\n");
        Sources(yaml, roles, names);
        Label(yaml, roles, names);
        Group(yaml, roles, names);
        List(yaml, "personal_data", roles.Personal, names, "check: by its name this may say who a person is; it never leaves the CSV");
        List(yaml, "ignored_columns", roles.Ignored, names, "check: too many different texts, or one value, or none");
        var renamed = columns.Where(column => names[column] != column.Header).ToList();
        if (renamed.Count > 0)
        {
            yaml.Append("# Headers that can't be names in the Feature Store.\ncsv_columns:\n");
            renamed.ForEach(column => yaml.Append(CultureInfo.InvariantCulture, $"  {Text(names[column])}: {Text(column.Header)}\n"));
            yaml.Append('\n');
        }
        yaml.Append("# In the order of the model's inputs. check: a value outside a range or a list is refused; name those that are yet to come.\nfeatures:\n");
        foreach (var feature in roles.Features)
        {
            Feature(yaml, feature, names[feature]);
        }
        DataSetSpecification.Parse(yaml.ToString(), "inferred specification");
        return yaml.ToString();
    }

    private static void Sources(StringBuilder yaml, Roles roles, Dictionary<ColumnProfile, string> names)
    {
        yaml.Append(roles.Identifier is { } identifier
            ? $"record_identifier:\n  column: {Text(names[identifier])}      # has a value of its own in every row\n"
            : "# No column has a value of its own in every row.\nrecord_identifier:\n  derived: record_id\n");
        yaml.Append(roles.EventTime is { } time
            ? $"event_time:\n  column: {Text(names[time])}\n  format: iso8601\n\n"
            : "event_time:\n  load: event_time      # check: is there a column that says when a row was true?\n\n");
    }

    private static void Label(StringBuilder yaml, Roles roles, Dictionary<ColumnProfile, string> names)
    {
        var values = roles.Label.Values;
        var positive = values.FirstOrDefault(value => PositiveValues.Contains(value.Value, StringComparer.Ordinal)).Value;
        var guessed = positive is null ? "      # check: the rarer value is taken as the one to predict" : "";
        positive ??= values.MinBy(value => value.Rows).Value;
        var negative = values.Single(value => value.Value != positive).Value;
        var sure = roles.LabelIsSure ? "" : "      # check: is this the column to predict?";
        yaml.Append(CultureInfo.InvariantCulture,
            $"label:\n  column: {Text(names[roles.Label])}{sure}\n  positive: {Text(positive)}{guessed}\n  negative: {Text(negative)}\n\n");
    }

    private static void Group(StringBuilder yaml, Roles roles, Dictionary<ColumnProfile, string> names)
    {
        if (roles.Group is { } group)
        {
            yaml.Append(CultureInfo.InvariantCulture,
                $"# check: {group.Distinct} different values in {group.Rows} rows; all rows of one value stay on one side of the split.\ngroup: {Text(names[group])}\n\n");
        }
    }

    private static void List(StringBuilder yaml, string member, List<ColumnProfile> columns, Dictionary<ColumnProfile, string> names, string comment)
    {
        if (columns.Count == 0)
        {
            return;
        }
        yaml.Append(CultureInfo.InvariantCulture, $"# {comment}\n{member}:\n");
        columns.ForEach(column => yaml.Append(CultureInfo.InvariantCulture, $"  - {Text(names[column])}\n"));
        yaml.Append('\n');
    }

    private static void Feature(StringBuilder yaml, ColumnProfile column, string name)
    {
        if (column.IsNumber)
        {
            var code = column.Values.Count is > 0 and <= 10 && column.Values.All(value => long.TryParse(value.Value, out _))
                ? $"      # check: only {column.Values.Count} different values; is it a code? then: category, with values" : "";
            yaml.Append(CultureInfo.InvariantCulture, $"  - number: {Text(name)}{code}\n");
            yaml.Append(CultureInfo.InvariantCulture, $"    min: {column.Min:R}      # check: the smallest and the largest seen\n    max: {column.Max:R}\n");
        }
        else
        {
            yaml.Append(CultureInfo.InvariantCulture, $"  - category: {Text(name)}\n    values: [{string.Join(", ", column.Values.Select(value => Text(value.Value)))}]\n");
        }
        if (column.Present < column.Rows)
        {
            var missing = (double)(column.Rows - column.Present) / column.Rows;
            yaml.Append(CultureInfo.InvariantCulture, $"    # check: missing in {missing:0.0 %} of the rows; if that tells something: known_indicator: {name}_known\n");
        }
    }

    private static Dictionary<ColumnProfile, string> Names(IReadOnlyList<ColumnProfile> columns)
    {
        var names = new Dictionary<ColumnProfile, string>();
        var used = new HashSet<string>(SpecificationColumns.Reserved.Concat(["record_id", "event_time"]), StringComparer.OrdinalIgnoreCase);
        foreach (var column in columns)
        {
            var plain = NotInName().Replace(column.Header, "_").Trim('_', '-');
            plain = plain.Length == 0 ? "column" : plain[..Math.Min(plain.Length, 56)].Trim('_', '-');
            var name = plain;
            for (var i = 2; !used.Add(name); i++)
            {
                name = $"{plain}_{i}";
            }
            names[column] = name;
        }
        return names;
    }

    private static string DataSetName(string path)
    {
        var name = NotInDataSetName().Replace(Path.GetFileNameWithoutExtension(path), "-").Trim('-');
        return name.Length == 0 ? "data-set" : name[..Math.Min(name.Length, 48)].Trim('-');
    }

    // Texts that YAML would read as they stand need no quotes.
    private static string Text(string text)
    {
        if (PlainText().IsMatch(text) && text is not ("null" or "Null" or "NULL"))
        {
            return text;
        }
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
        {
            _ = rune.Value is '"' or '\\' ? quoted.Append('\\').Append(rune)
                : rune.Value is >= ' ' and <= '~' || Rune.IsLetterOrDigit(rune) ? quoted.Append(rune)
                : quoted.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:X8}");
        }
        return quoted.Append('"').ToString();
    }

    [GeneratedRegex("[^a-zA-Z0-9_-]+")]
    private static partial Regex NotInName();

    [GeneratedRegex("[^a-zA-Z0-9]+")]
    private static partial Regex NotInDataSetName();

    [GeneratedRegex("^[a-zA-Z0-9]([a-zA-Z0-9 ._+-]*[a-zA-Z0-9])?$", RegexOptions.ExplicitCapture)]
    private static partial Regex PlainText();
}
