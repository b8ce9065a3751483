using System.Globalization;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// A CSV read against a specification: each row comes with typed values, its identifier and its event time, or with
/// everything that is wrong with it. Streams: memory grows only by a few bytes a row, to count copies.
/// </summary>
public sealed class CsvRows : IDisposable
{
    private readonly CsvReader _reader;
    private readonly RowParser _parser;

    /// <summary>Opens a CSV and checks its header against the specification.</summary>
    /// <param name="stream">The CSV; stays open.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="source">What errors call the CSV: a path, usually.</param>
    /// <param name="identify">
    /// Whether identifiers that are made from a row's content come with the rows; <see cref="StagedRows"/> makes those that
    /// don't, while the next rows are read.
    /// </param>
    /// <exception cref="CsvException">The file is empty, or the header has missing, unknown, nameless or repeated columns.</exception>
    public CsvRows(Stream stream, DataSetSpecification specification, string source, bool identify = true)
    {
        _reader = new CsvReader(stream, source);
        var header = CsvHeader.Read(_reader, source);
        CsvHeader.Check(header, specification, source, _reader.Line);
        _parser = new RowParser(specification, header, identify);
        Header = header;
    }

    /// <summary>The header's fields.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>Reads the rows, once.</summary>
    /// <exception cref="CsvException">The quotes of the file can't be made sense of from a line on.</exception>
    public IEnumerable<CsvRow> Read()
    {
        while (_reader.Read())
        {
            yield return _parser.Parse(_reader);
        }
    }

    /// <summary>The fields of the row that was read last, as they stand in the file.</summary>
    internal string[] Fields() => _reader.ToArray();

    /// <summary>Writes some fields of the row that was read last, as they stand in the file.</summary>
    internal void Write(TextWriter writer, ReadOnlySpan<int> fields) => _reader.Write(writer, fields);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}

/// <summary>A row of a CSV.</summary>
/// <param name="Line">The line on which it begins, from 1.</param>
/// <param name="Values">One value a column of <see cref="DataSetSpecification.Columns"/>, in that order; not to be used where there are errors.</param>
/// <param name="Errors">All that is wrong with the row; empty for a good one.</param>
/// <param name="BadFields">The fields as they stand in the CSV, for a row with errors, to be kept aside; else empty.</param>
public sealed record CsvRow(
    long Line, IReadOnlyList<RowValue> Values, IReadOnlyList<RowError> Errors, IReadOnlyList<string> BadFields);

/// <summary>
/// A value of a row in its canonical form. The event time of a data set that takes it from the load is null here.
/// </summary>
/// <param name="Text">A text (event times: ISO 8601 in UTC, as the Feature Store takes them); null for a number or where unknown.</param>
/// <param name="Number">A number (event times that are numbers: seconds since 1970); null for a text or where unknown.</param>
public readonly record struct RowValue(string? Text, double? Number)
{
    /// <summary>The value as PutRecord's <c>ValueAsString</c>; null where unknown.</summary>
    public string? AsString => Text ?? (Number is { } number
        ? IsSmallInteger(number) ? ((long)number).ToString(CultureInfo.InvariantCulture) : number.ToString("R", CultureInfo.InvariantCulture)
        : null);

    /// <summary>Writes a number as <see cref="AsString"/> does, in UTF-8; answers how many bytes it took, 32 at the most.</summary>
    internal static int Format(double number, Span<byte> text)
    {
        var written = 0;
        _ = IsSmallInteger(number)
            ? ((long)number).TryFormat(text, out written, default, CultureInfo.InvariantCulture)
            : number.TryFormat(text, out written, "R", CultureInfo.InvariantCulture);
        return written;
    }

    // Such a number's shortest text is its digits, which are found several times as fast as any other number's; -0 keeps its sign.
    private static bool IsSmallInteger(double number) =>
        number == Math.Truncate(number) && Math.Abs(number) < 1e15 && !(number == 0 && double.IsNegative(number));
}

/// <summary>What is wrong with a row.</summary>
/// <param name="Line">The line on which the row begins, from 1.</param>
/// <param name="Column">The column's name in the header; empty for the row as a whole.</param>
/// <param name="Problem">What is wrong and what to do.</param>
public sealed record RowError(long Line, string Column, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Line}: {Problem}";
}
