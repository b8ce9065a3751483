using System.Buffers;
using System.Text;

namespace Slipway.Workflow.DataSets.Csv;

/// <summary>
/// Reads a CSV (RFC 4180, UTF-8 with or without a byte order mark, lines ended by LF, CRLF or CR) record by record, in
/// memory that is bounded by the longest record. Blank lines are passed over. UTF-16 and UTF-32 are read where a byte
/// order mark tells them.
/// </summary>
public sealed class CsvReader : IDisposable
{
    private const int LongestRecord = 1 << 24;

    private static readonly SearchValues<byte> Special = SearchValues.Create(",\"\r\n"u8);

    private readonly Stream _stream;
    private readonly Stream _utf8;
    private readonly string _source;
    private (int Start, int Length, bool Quoted)[] _fields = new (int, int, bool)[16];
    private byte[] _buffer = new byte[1 << 18];
    private byte[] _unquoted = new byte[256];
    private int _start, _position, _end, _linesRead;
    private bool _atEnd;

    /// <summary>Reads a stream that can seek, from where it is; it stays open.</summary>
    /// <param name="stream">The CSV.</param>
    /// <param name="source">What errors call it: a path, usually.</param>
    public CsvReader(Stream stream, string source)
    {
        ArgumentNullException.ThrowIfNull(stream);
        (_stream, _source) = (stream, source);
        _utf8 = CsvText.AsUtf8(stream);
        while (_end < Encoding.UTF8.Preamble.Length && Fill())
        {
        }
        _position = _buffer.AsSpan(0, _end).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
    }

    /// <summary>The line on which the record begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The number of the record's fields.</summary>
    public int Count { get; private set; }

    /// <summary>A field of the record in UTF-8, without its quotes; valid until the next call.</summary>
    public ReadOnlySpan<byte> this[int field]
    {
        get
        {
            var (start, length, quoted) = _fields[field];
            var text = _buffer.AsSpan(start, length);
            return quoted ? Unquote(text) : text;
        }
    }

    /// <summary>The record as it stands in the file, with the end of its line.</summary>
    internal ReadOnlySpan<byte> Record => _buffer.AsSpan(_start, _position - _start);

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CsvException">A quote is not closed, or text follows a closing quote.</exception>
    public bool Read()
    {
        while (true)
        {
            Line += _linesRead;
            _linesRead = 0;
            while (!TryReadRecord())
            {
                if (!Fill())
                {
                    return false;
                }
            }
            if (Count != 1 || _fields[0] is not { Length: 0, Quoted: false })
            {
                return true;
            }
        }
    }

    /// <summary>A field of the record as a text of its own.</summary>
    public string Text(int field) => Encoding.UTF8.GetString(this[field]);

    /// <summary>The record's fields as texts of their own.</summary>
    public string[] ToArray()
    {
        var fields = new string[Count];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = Text(i);
        }
        return fields;
    }

    /// <summary>The bytes of neighbouring fields as they stand in the file, with the commas between them.</summary>
    internal ReadOnlySpan<byte> Between(int first, int last) => _buffer.AsSpan(_fields[first].Start, _fields[last].Start + _fields[last].Length - _fields[first].Start);

    /// <summary>The first field that holds what no text does, and what that is; null where there is none.</summary>
    public (int Field, string Problem)? FindIllegible()
    {
        if (CsvText.IsLegible(Record))
        {
            return null;
        }
        for (var field = 0; field < Count; field++)
        {
            if (CsvText.FindIllegible(Text(field)) is { } problem)
            {
                return (field, problem);
            }
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_utf8 != _stream)
        {
            _utf8.Dispose();
        }
    }

    // False where the buffer ends before the record does.
    private bool TryReadRecord()
    {
        Count = 0;
        var (position, lines) = (_position, 0);
        if (position == _end)
        {
            return false;
        }
        while (true)
        {
            var start = position;
            var quoted = position < _end && _buffer[position] == '"';
            position = quoted ? EndOfQuoted(position, ref lines) : NextSpecial(position);
            // A quote inside an unquoted field is text, as spreadsheets have it.
            while (!quoted && position >= 0 && position < _end && _buffer[position] == '"')
            {
                position = NextSpecial(position + 1);
            }
            if (position < 0 || (position == _end && !_atEnd))
            {
                return false;
            }
            if (Count == _fields.Length)
            {
                Array.Resize(ref _fields, 2 * Count);
            }
            _fields[Count++] = quoted ? (start + 1, position - start - 2, true) : (start, position - start, false);
            if (position == _end || _buffer[position] != ',')
            {
                return EndRecord(position, lines);
            }
            position++;
        }
    }

    private bool EndRecord(int position, int lines)
    {
        if (position < _end && _buffer[position] == '\r')
        {
            if (position + 1 == _end && !_atEnd)
            {
                return false;
            }
            position += position + 1 < _end && _buffer[position + 1] == '\n' ? 1 : 0;
        }
        (_start, _position) = (_position, Math.Min(position + 1, _end));
        _linesRead = lines + 1;
        return true;
    }

    private int NextSpecial(int position)
    {
        var found = _buffer.AsSpan(position, _end - position).IndexOfAny(Special);
        return found < 0 ? _end : position + found;
    }

    // The place after the closing quote; negative where the buffer ends before it.
    private int EndOfQuoted(int open, ref int lines)
    {
        var position = open + 1;
        while (true)
        {
            var found = _buffer.AsSpan(position, _end - position).IndexOf((byte)'"');
            if (found < 0)
            {
                return !_atEnd ? -1 : throw new CsvException(_source, Line, "a quote is opened and not closed.");
            }
            lines += _buffer.AsSpan(position, found).Count((byte)'\n');
            position += found + 1;
            if (position == _end && !_atEnd)
            {
                return -1;
            }
            if (position == _end || _buffer[position] != '"')
            {
                return position == _end || _buffer[position] is (byte)',' or (byte)'\r' or (byte)'\n' ? position
                    : throw new CsvException(_source, Line + lines,
                        "text follows a closing quote; a quote inside a quoted field is written twice (\"\").");
            }
            position++;
        }
    }

    private ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text)
    {
        if (!text.Contains((byte)'"'))
        {
            return text;
        }
        if (_unquoted.Length < text.Length)
        {
            _unquoted = new byte[text.Length];
        }
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            _unquoted[length++] = text[i];
            i += text[i] == '"' ? 1 : 0;
        }
        return _unquoted.AsSpan(0, length);
    }

    // False where there is no more.
    private bool Fill()
    {
        if (_atEnd)
        {
            return false;
        }
        _buffer.AsSpan(_position, _end - _position).CopyTo(_buffer);
        (_position, _end) = (0, _end - _position);
        if (_end == _buffer.Length)
        {
            if (_end >= LongestRecord && Encoding.UTF8.GetCharCount(_buffer) >= LongestRecord)
            {
                throw new CsvException(_source, Line, $"the record is longer than {LongestRecord} characters: is a quote not closed?");
            }
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = _utf8.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
        return true;
    }
}
