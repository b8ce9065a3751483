namespace Slipway.Workflow.DataSets.Rows;

/// <summary>A file of staged rows.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Rows">How many rows it has.</param>
/// <param name="LongestRow">The bytes of its longest row.</param>
public sealed record StagedFile(string Path, int Rows, int LongestRow);

/// <summary>How DuckDB reads what <see cref="StagedRows"/> wrote.</summary>
public static class StagedSql
{
    /// <summary>The column of event times, in ticks of 100 ns since year 1, UTC.</summary>
    public const string EventTicks = "__event_ticks";

    // DuckDB's own longest row; a greater one makes its buffers greater too
    private const int LongestByDefault = 2_000_000;

    /// <summary>What stands after FROM in DuckDB to read files: the specification's columns under their names and types, and <see cref="EventTicks"/>.</summary>
    public static string From(DataSetSpecification specification, IReadOnlyCollection<StagedFile> files)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(files);
        var columns = specification.Columns.Select(c => $"{Encoder.SqlText(c.Name)}: '{Type(c.FeatureType)}'");
        if (!specification.EventTime.IsLoadTime)
        {
            columns = columns.Append($"'{EventTicks}': 'BIGINT'");
        }

        var longest = files.Select(f => f.LongestRow).Append(0).Max();
        return $$"""
            read_csv([{{string.Join(", ", files.Select(f => Encoder.SqlText(f.Path)))}}], auto_detect = false, header = false, delim = ',', quote = '"', escape = '"',
                new_line = '\n'{{(longest > LongestByDefault ? $", max_line_size = {longest + 1}" : "")}}, columns = { {{string.Join(", ", columns)}} })
            """;
    }

    /// <summary>DuckDB's type for a type of the Feature Store.</summary>
    public static string Type(string featureType) => featureType switch
    {
        "Fractional" => "DOUBLE",
        "Integral" => "BIGINT",
        _ => "VARCHAR",
    };
}
