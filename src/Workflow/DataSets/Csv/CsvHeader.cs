using System.Globalization;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>The first line of a CSV: the columns' names.</summary>
internal static class CsvHeader
{
    private const int MostShown = 30;

    /// <summary>Reads a header: names that are there, legible and each there once.</summary>
    /// <exception cref="CsvException">The file is empty, or its first line is no such header.</exception>
    public static string[] Read(CsvReader reader, string source)
    {
        if (!reader.Read())
        {
            throw new CsvException(source, 1, "the file is empty; it needs a header line with the columns' names.");
        }
        if (reader.FindIllegible() is var (field, what))
        {
            throw new CsvException(source, reader.Line, $"column {field + 1} of the header {what}");
        }
        var header = reader.ToArray();
        if (Array.FindIndex(header, string.IsNullOrWhiteSpace) is var nameless and >= 0)
        {
            throw new CsvException(source, reader.Line,
                $"column {nameless + 1} of the header has no name; is it a row of data? (pandas names no index: write with index=False.)");
        }
        return header.GroupBy(name => name).FirstOrDefault(group => group.Count() > 1) is { Key: var doubled }
            ? throw new CsvException(source, reader.Line, $"the header has '{Shown.Text(doubled)}' twice.")
            : header;
    }

    /// <summary>Checks a header against a specification.</summary>
    /// <exception cref="CsvException">Columns are missing, or unknown.</exception>
    public static void Check(string[] header, DataSetSpecification specification, string source, long line)
    {
        var needed = specification.Columns
            .Where(column => !(column.Role == ColumnRole.RecordIdentifier && specification.RecordIdentifier.IsDerived)
                && !(column.Role == ColumnRole.EventTime && specification.EventTime.IsLoadTime))
            .Select(column => specification.CsvColumn(column.Name)).ToList();
        var missing = needed.Except(header).ToList();
        if (missing.Count == needed.Count)
        {
            throw new CsvException(source, line,
                $"the first line has none of the columns that the specification needs ({List(needed)}); it must be a header with their names, and it is {List(header)}.");
        }
        if (missing.Count > 0)
        {
            throw new CsvException(source, line,
                $"the header has no column '{string.Join("', '", missing)}', which the specification needs; it has {List(header)}.");
        }
        var others = header.Except(needed)
            .Except(specification.PersonalData.Concat(specification.IgnoredColumns).Select(specification.CsvColumn)).ToList();
        if (others.Count > 0)
        {
            throw new CsvException(source, line,
                $"the specification does not know the column '{string.Join("', '", others.Take(MostShown).Select(Shown.Text))}'; list it under features, personal_data or ignored_columns.");
        }
    }

    /// <summary>Refuses a first line that is a row of data by its looks, where no specification says what is to be there.</summary>
    /// <exception cref="CsvException">Several fields are numbers, which names seldom are.</exception>
    public static void RefuseData(string[] header, string source, long line)
    {
        var numbers = header.Where(name => double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _)).ToList();
        if (numbers.Count > 1)
        {
            throw new CsvException(source, line,
                $"the first line looks like a row of data ({List(numbers)}); the file needs a header line with the columns' names, which are no numbers.");
        }
    }

    /// <summary>What is wrong with a row that has more or fewer fields than the header.</summary>
    public static string Ragged(int fields, int columns) =>
        $"the row has {fields} fields and the header has {columns}; a comma inside a value needs quotes around it.";

    private static string List(IReadOnlyCollection<string> names) =>
        string.Join(", ", names.Take(MostShown).Select(Shown.Text)) + (names.Count > MostShown ? $", … ({names.Count} in all)" : "");
}
