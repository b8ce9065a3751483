using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Steps.Data;

/// <summary>data.parquet as SQL sees it: the specification's columns, under their names and types.</summary>
internal sealed class DataFile
{
    private readonly DataSetSpecification _specification;

    /// <summary>Opens a file and checks its columns.</summary>
    /// <param name="duck">The database that will read it.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="path">The Parquet file.</param>
    public DataFile(Duck duck, DataSetSpecification specification, string path)
    {
        (_specification, Source) = (specification, $"read_parquet({Encoder.SqlText(path)})");
        var types = duck.Rows($"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {Source})")
            .ToDictionary(row => (string)row["column_name"]!, row => (string)row["column_type"]!, StringComparer.Ordinal);
        Problems = [.. specification.Columns.Select(column => Problem(column, types)).OfType<string>()];
    }

    /// <summary>What stands after FROM.</summary>
    public string Source { get; }

    /// <summary>Columns that are missing or of another type; empty where the file fits the specification.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>The record identifier's column, quoted.</summary>
    public string Identifier => Encoder.SqlName(_specification.RecordIdentifier.Column);

    /// <summary>The group's column, quoted; null where the data set has none.</summary>
    public string? Group => _specification.Group is { } group ? Encoder.SqlName(group) : null;

    /// <summary>The label's column, quoted.</summary>
    public string Label => Encoder.SqlName(_specification.Label.Column);

    /// <summary>True for a row whose label is the positive value.</summary>
    public string IsPositive => $"({Label} = {LabelValue(_specification.Label.Positive)})";

    /// <summary>True for a row whose label is one of the two values.</summary>
    public string IsLabelled => $"({Label} IN ({LabelValue(_specification.Label.Positive)}, {LabelValue(_specification.Label.Negative)}))";

    /// <summary>The event time as microseconds since 1970.</summary>
    public string EventMicroseconds => EventTime(_specification);

    /// <summary>
    /// The columns that make up a row's content: all but the identifier, and the event time where the load gave it.
    /// Two rows that agree in them are exact copies.
    /// </summary>
    public string Content => string.Join(", ", _specification.Columns
        .Where(column => column.Role != ColumnRole.RecordIdentifier
            && !(column.Role == ColumnRole.EventTime && _specification.EventTime.IsLoadTime))
        .Select(column => Encoder.SqlName(column.Name)));

    /// <summary>The event time's column as microseconds since 1970.</summary>
    public static string EventTime(DataSetSpecification specification)
    {
        var column = Encoder.SqlName(specification.EventTime.Column);
        return specification.EventTime.UnixSeconds ? $"({column} * 1e6)::BIGINT" : $"epoch_us({column}::TIMESTAMPTZ)";
    }

    /// <summary>Opens a file that must fit the specification.</summary>
    /// <exception cref="StepFailedException">It does not.</exception>
    public static DataFile Fitting(Duck duck, DataSetSpecification specification, string path)
    {
        var file = new DataFile(duck, specification, path);
        return file.Problems.Count == 0 ? file : throw new StepFailedException(string.Join(' ', file.Problems));
    }

    private string LabelValue(string value) => _specification.Label.IsIntegral ? value : Encoder.SqlText(value);

    private static string? Problem(DataSetColumn column, Dictionary<string, string> types) =>
        !types.TryGetValue(column.Name, out var type) ? $"The data has no column '{column.Name}'."
        : type != StagedSql.Type(column.FeatureType) ? $"The column '{column.Name}' is {type}, and the specification makes it {StagedSql.Type(column.FeatureType)}."
        : null;
}
