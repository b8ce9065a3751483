using System.Buffers;
using System.Text;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// Reads a CSV (RFC 4180, UTF-8 with or without a byte order mark, lines ended by LF, CRLF or CR) record by record, in
/// memory that is bounded by the longest record. Blank lines are passed over.
/// </summary>
public sealed class CsvReader : IDisposable
{
    private const int LongestRecord = 1 << 24;

    private static readonly SearchValues<char> Special = SearchValues.Create(",\"\r\n");

    // Bytes that are not UTF-8 are decoded to U+FFFD.
    private static readonly SearchValues<char> Illegible = SearchValues.Create('\0', '\uFFFD');

    private readonly TextReader _reader;
    private readonly string _source;
    private readonly List<(int Start, int Length, bool Quoted)> _fields = [];
    private char[] _buffer = new char[1 << 16];
    private char[] _unquoted = new char[256];
    private int _start, _position, _end, _linesRead;
    private bool _atEnd;

    /// <summary>Reads a stream; it stays open.</summary>
    /// <param name="stream">The CSV.</param>
    /// <param name="source">What errors call it: a path, usually.</param>
    public CsvReader(Stream stream, string source)
    {
        _reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, 1 << 16, leaveOpen: true);
        _source = source;
    }

    /// <summary>The line on which the record begins, from 1.</summary>
    public long Line { get; private set; } = 1;

    /// <summary>The number of the record's fields.</summary>
    public int Count => _fields.Count;

    /// <summary>A field of the record, without its quotes; valid until the next call.</summary>
    public ReadOnlySpan<char> this[int field]
    {
        get
        {
            var (start, length, quoted) = _fields[field];
            var text = _buffer.AsSpan(start, length);
            return quoted ? Unquote(text) : text;
        }
    }

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
            if (_fields is not [{ Length: 0, Quoted: false }])
            {
                return true;
            }
        }
    }

    /// <summary>The record's fields as texts of their own.</summary>
    public string[] ToArray()
    {
        var fields = new string[Count];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = this[i].ToString();
        }
        return fields;
    }

    /// <summary>The first field that holds what no text does, and what that is; null where there is none.</summary>
    public (int Field, string Problem)? FindIllegible()
    {
        if (!_buffer.AsSpan(_start, _position - _start).ContainsAny(Illegible))
        {
            return null;
        }
        for (var field = 0; field < Count; field++)
        {
            var text = this[field];
            if (text.IndexOfAny(Illegible) is var at and >= 0)
            {
                return (field, text[at] == '\0'
                    ? $"has a NUL byte at character {at + 1}; is the file UTF-16, or damaged? Save it as UTF-8."
                    : $"has bytes at character {at + 1} that are not UTF-8; save the file as UTF-8 (one in Latin-1: iconv -f LATIN1 -t UTF-8).");
            }
        }
        return null;
    }

    /// <summary>Writes fields as one record, quoted where they must be, ended by LF.</summary>
    /// <returns>How many characters it has.</returns>
    public static long Write(TextWriter writer, IReadOnlyList<string> fields)
    {
        var length = 0L;
        for (var i = 0; i < fields.Count; i++)
        {
            length += WriteField(writer, fields[i], isFirst: i == 0, isOnly: fields.Count == 1);
        }
        writer.Write('\n');
        return length;
    }

    /// <summary>Writes some fields of the record as one record, quoted where they must be, ended by LF.</summary>
    internal void Write(TextWriter writer, ReadOnlySpan<int> fields)
    {
        if (fields.Length > 1 && !_buffer.AsSpan(_start, _position - _start).Contains('"'))
        {
            WriteAsTheyStand(writer, fields);
            return;
        }
        for (var i = 0; i < fields.Length; i++)
        {
            WriteField(writer, this[fields[i]], isFirst: i == 0, isOnly: fields.Length == 1);
        }
        writer.Write('\n');
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    // Neighbours stay neighbours, commas included: most records have nothing to quote.
    private void WriteAsTheyStand(TextWriter writer, ReadOnlySpan<int> fields)
    {
        for (var first = 0; first < fields.Length;)
        {
            var next = first + 1;
            while (next < fields.Length && fields[next] == fields[next - 1] + 1)
            {
                next++;
            }
            if (first > 0)
            {
                writer.Write(',');
            }
            var (from, last) = (_fields[fields[first]].Start, _fields[fields[next - 1]]);
            writer.Write(_buffer.AsSpan(from, last.Start + last.Length - from));
            first = next;
        }
        writer.Write('\n');
    }

    private static int WriteField(TextWriter writer, ReadOnlySpan<char> field, bool isFirst, bool isOnly)
    {
        if (!isFirst)
        {
            writer.Write(',');
        }
        // A record of one empty field would be a blank line.
        var text = field.ContainsAny(Special) || (isOnly && field.IsEmpty)
            ? $"\"{field.ToString().Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : field;
        writer.Write(text);
        return text.Length + 1;
    }

    // False where the buffer ends before the record does.
    private bool TryReadRecord()
    {
        _fields.Clear();
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
            _fields.Add(quoted ? (start + 1, position - start - 2, true) : (start, position - start, false));
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
            var found = _buffer.AsSpan(position, _end - position).IndexOf('"');
            if (found < 0)
            {
                return !_atEnd ? -1 : throw new CsvException(_source, Line, "a quote is opened and not closed.");
            }
            lines += _buffer.AsSpan(position, found).Count('\n');
            position += found + 1;
            if (position == _end && !_atEnd)
            {
                return -1;
            }
            if (position == _end || _buffer[position] != '"')
            {
                return position == _end || _buffer[position] is ',' or '\r' or '\n' ? position
                    : throw new CsvException(_source, Line + lines,
                        "text follows a closing quote; a quote inside a quoted field is written twice (\"\").");
            }
            position++;
        }
    }

    private ReadOnlySpan<char> Unquote(ReadOnlySpan<char> text)
    {
        if (!text.Contains('"'))
        {
            return text;
        }
        if (_unquoted.Length < text.Length)
        {
            _unquoted = new char[text.Length];
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
            if (_buffer.Length >= LongestRecord)
            {
                throw new CsvException(_source, Line, $"the record is longer than {LongestRecord} characters: is a quote not closed?");
            }
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
        var read = _reader.Read(_buffer, _end, _buffer.Length - _end);
        _end += read;
        _atEnd = read == 0;
        return true;
    }
}

/// <summary>A CSV that can't be read on from a place, or whose header does not fit the specification.</summary>
public sealed class CsvException(string source, long line, string problem) : BadInputException($"{source}, line {line}: {problem}")
{
    /// <summary>The line, from 1.</summary>
    public long Line { get; } = line;
}
