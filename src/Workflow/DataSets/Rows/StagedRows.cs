using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Workflow.DataSets.Rows;

/// <summary>
/// Writes rows that were read and checked as CSV files that DuckDB takes without a doubt: no header, a field a column of
/// <see cref="DataSetSpecification.Columns"/> in canonical form, empty where unknown, and the event time in ticks where
/// rows have one of their own (<see cref="StagedSql.EventTicks"/>). DuckDB reads such a file several times as fast as it takes
/// value after value.
/// </summary>
/// <remarks>
/// The SHA-256 of these bytes, led by the names and types of the columns, tells a content from all others: it does not
/// depend on how the CSV writes a value, and can be asked for after each row, so that a file that grew at its end is
/// recognised.
/// </remarks>
public sealed class StagedRows : IDisposable
{
    private const int EventTime = 1;
    private const int Gathered = 1 << 16;

    // a byte order mark at the start of a file would be taken for one
    private static readonly SearchValues<byte> Quoted = SearchValues.Create([.. ",\"\r\n"u8, Encoding.UTF8.Preamble[0]]);

    private readonly DataSetSpecification _specification;
    private readonly string _folder;
    private readonly int _rowsOfFile;
    private readonly Action<StagedFile>? _written;
    private readonly List<StagedFile> _files = [];
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly ArrayBufferWriter<byte> _bytes = new(2 * Gathered);
    private readonly RowBatches _batches;
    private readonly DerivedIdentifier? _readersDerived, _writersDerived;
    private readonly Occurrences _occurrences = new();
    private readonly List<int> _numbers = [];
    private FileStream? _file;
    private int _rows, _longest;
    private byte[] _lastTime = [];
    private long _lastTicks;

    /// <param name="specification">What the columns are.</param>
    /// <param name="folder">Where to; it is there, and has no staged rows yet.</param>
    /// <param name="rowsOfFile">How many rows a file takes.</param>
    /// <param name="written">Told of each file that is done, or null.</param>
    public StagedRows(DataSetSpecification specification, string folder, int rowsOfFile, Action<StagedFile>? written = null)
    {
        ArgumentNullException.ThrowIfNull(specification);
        (_specification, _folder, _rowsOfFile, _written) = (specification, folder, rowsOfFile, written);
        _batches = new RowBatches(specification, Write);
        (_readersDerived, _writersDerived) = specification.RecordIdentifier.IsDerived ? (new DerivedIdentifier(specification), new DerivedIdentifier(specification)) : (null, null);
        _hash.AppendData(Encoding.UTF8.GetBytes(string.Concat(specification.Columns.Select(c => $"{c.Name},{c.FeatureType}\n"))));
    }

    /// <summary>Where the next row is to be put, before <see cref="Added"/>.</summary>
    public RowBatch Batch => _batches.Batch;

    /// <summary>
    /// Takes the row that was put into <see cref="Batch"/>. It is written, and gets its identifier where that is made from
    /// its content, while its caller reads the next ones.
    /// </summary>
    public void Added()
    {
        if (Batch.IsFull)
        {
            // by whom of the two has less to do: where the batch before is not written yet, this thread would only wait
            if (_batches.IsBehind)
            {
                Identify(_readersDerived, Batch);
            }

            _batches.Pass();
        }
    }

    /// <summary>Adds a row that was read from staged rows; null where a value is not known.</summary>
    internal void Add(ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text is null)
            {
                Batch.AddUnknown();
            }
            else
            {
                Batch.Add(Encoding.UTF8.GetBytes(text));
            }
        }

        Added();
    }

    /// <summary>The hash of the rows so far, in hexadecimal digits.</summary>
    public string Hash()
    {
        _batches.Drain();
        Flush();
        return Convert.ToHexStringLower(_hash.GetCurrentHash());
    }

    /// <summary>Ends the last file.</summary>
    /// <returns>All files, in the order of their rows.</returns>
    public IReadOnlyList<StagedFile> Finish()
    {
        _batches.Drain();
        if (_rows > 0)
        {
            EndFile();
        }

        return _files;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches.Dispose();
        _file?.Dispose();
        _hash.Dispose();
    }

    private string NextPath() => Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"staged-{_files.Count:D6}.csv"));

    // Rows that were staged before have their identifiers already.
    private static void Identify(DerivedIdentifier? derived, RowBatch batch)
    {
        if (derived is not null && batch.Rows > 0 && batch.Hashes.IsEmpty && !batch[0].IsKnown(0))
        {
            derived.Hash(batch);
        }
    }

    private void Write(RowBatch batch)
    {
        Identify(_writersDerived, batch);
        // counted one right after the other, so that the processor waits for several places of memory at a time
        _numbers.Clear();
        foreach (var hash in batch.Hashes)
        {
            _numbers.Add(_occurrences.Next((ulong)hash));
        }

        for (var row = 0; row < batch.Rows; row++)
        {
            var start = _bytes.WrittenCount;
            if (!batch.Hashes.IsEmpty)
            {
                _bytes.Advance(DerivedIdentifier.Write(batch.Hashes[row], _numbers[row], _bytes.GetSpan(DerivedIdentifier.Longest)));
            }

            Write(batch[row]);
            End(_bytes.WrittenCount - start);
        }
    }

    private void Write(RowBatch.Row row)
    {
        var isPlain = !row.All.ContainsAny(Quoted);
        for (var i = 0; i < row.Count; i++)
        {
            if (i > 0)
            {
                Separate(',');
            }

            _bytes.Write(isPlain || !MustBeQuoted(row[i]) ? row[i] : CsvWriter.Quote(row[i]));
        }

        if (!_specification.EventTime.IsLoadTime)
        {
            Separate(',');
            Ticks(row[EventTime]).TryFormat(_bytes.GetSpan(RowValue.LongestNumber), out var written, default, CultureInfo.InvariantCulture);
            _bytes.Advance(written);
        }

        Separate('\n');
    }

    private static bool MustBeQuoted(ReadOnlySpan<byte> value) =>
        value.IndexOfAny(",\"\r\n"u8) >= 0 || value.IndexOf(Encoding.UTF8.Preamble) >= 0;

    private void End(int length)
    {
        _longest = Math.Max(_longest, length);
        if (++_rows == _rowsOfFile)
        {
            EndFile();
        }
        else if (_bytes.WrittenCount >= Gathered)
        {
            Flush();
        }
    }

    private void EndFile()
    {
        Flush();
        var done = new StagedFile(_file!.Name, _rows, _longest);
        _file.Dispose();
        (_file, _rows, _longest) = (null, 0, 0);
        _files.Add(done);
        _written?.Invoke(done);
    }

    private void Separate(char mark)
    {
        _bytes.GetSpan(1)[0] = (byte)mark;
        _bytes.Advance(1);
    }

    private long Ticks(ReadOnlySpan<byte> time)
    {
        // most rows have the event time of the row before
        if (!time.SequenceEqual(_lastTime))
        {
            (_lastTime, _lastTicks) = (time.ToArray(), EventTimes.Ticks(Encoding.UTF8.GetString(time)));
        }

        return _lastTicks;
    }

    private void Flush()
    {
        if (_bytes.WrittenCount > 0)
        {
            _file ??= new FileStream(NextPath(), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
            _hash.AppendData(_bytes.WrittenSpan);
            _file.Write(_bytes.WrittenSpan);
            _bytes.ResetWrittenCount();
        }
    }
}
