using System.Globalization;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>
/// A CSV read against a specification: each row comes with its values in canonical form, or with everything that is wrong
/// with it.
/// </summary>
public sealed class CsvRows : IDisposable
{
    private readonly CsvReader _reader;
    private readonly RowParser _parser;

    /// <summary>Opens a CSV and checks its header against the specification.</summary>
    /// <param name="stream">The CSV; stays open.</param>
    /// <param name="specification">What the columns are.</param>
    /// <param name="source">What errors call the CSV: a path, usually.</param>
    /// <exception cref="CsvException">The file is empty, or the header has missing, unknown, nameless or repeated columns.</exception>
    public CsvRows(Stream stream, DataSetSpecification specification, string source)
    {
        _reader = new CsvReader(stream, source);
        var header = CsvHeader.Read(_reader, source);
        CsvHeader.Check(header, specification, source, _reader.Line);
        _parser = new RowParser(specification, header);
        Header = header;
    }

    /// <summary>The header's fields.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The line on which the row that was read last begins, from 1.</summary>
    public long Line => _reader.Line;

    /// <summary>All that is wrong with the row that was read last; empty for a good one.</summary>
    public IReadOnlyList<RowError> Errors { get; private set; } = [];

    /// <summary>Reads the next row, and adds it to a batch where it is a good one.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CsvException">The quotes of the file can't be made sense of from a line on.</exception>
    public bool Read(RowBatch batch)
    {
        if (!_reader.Read())
        {
            return false;
        }

        Errors = _parser.Parse(_reader, batch);
        return true;
    }

    /// <summary>The fields of the row that was read last, as they stand in the file.</summary>
    internal string[] Fields() => _reader.ToArray();

    /// <summary>Writes some fields of the row that was read last, as they stand in the file.</summary>
    internal void Write(Stream stream, ReadOnlySpan<int> fields) => CsvWriter.Write(stream, _reader, fields);

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}

/// <summary>
/// A value of a row in its canonical form. The event time of a data set that takes it from the load is null here.
/// </summary>
/// <param name="Text">A text (event times: ISO 8601 in UTC, as the Feature Store takes them); null for a number or where unknown.</param>
/// <param name="Number">A number (event times that are numbers: seconds since 1970); null for a text or where unknown.</param>
internal readonly record struct RowValue(string? Text, double? Number)
{
    /// <summary>The most bytes that a number takes.</summary>
    public const int LongestNumber = 32;

    /// <summary>Writes the shortest text that reads back as a number, as PutRecord takes it, in UTF-8; answers how many bytes it took.</summary>
    public static int Format(double number, Span<byte> text)
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
