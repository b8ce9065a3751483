namespace Slipway.ModelServer.Serving;

/// <summary>Reads CSV (RFC 4180, lines ended by LF or CRLF) field by field without copying it.</summary>
internal ref struct CsvReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text;

    /// <summary>The line that the reader is at, from 1.</summary>
    public int Line { get; private set; } = 1;

    /// <summary>Goes past empty lines.</summary>
    /// <returns>False at the end of the text.</returns>
    public bool FindRow()
    {
        while (!_rest.IsEmpty && _rest[0] is '\n' or '\r')
        {
            Line += _rest[0] == '\n' ? 1 : 0;
            _rest = _rest[1..];
        }
        return !_rest.IsEmpty;
    }

    /// <summary>Reads the next field of the row.</summary>
    /// <param name="field">Its value, without quotes.</param>
    /// <returns>False where it is the row's last.</returns>
    /// <exception cref="InvocationException">A quote is not closed, or something follows it.</exception>
    public bool Read(out ReadOnlySpan<char> field)
    {
        var isQuoted = !_rest.IsEmpty && _rest[0] == '"';
        if (isQuoted)
        {
            field = Quoted();
        }
        else
        {
            var length = _rest.IndexOfAny(',', '\n');
            field = length < 0 ? _rest : _rest[..length];
            _rest = _rest[field.Length..];
        }
        if (!_rest.IsEmpty && _rest[0] == ',')
        {
            _rest = _rest[1..];
            return true;
        }
        if (!isQuoted && field.EndsWith('\r'))
        {
            field = field[..^1];
        }
        EndRow(isQuoted);
        return false;
    }

    private void EndRow(bool afterQuote)
    {
        if (afterQuote && _rest.StartsWith("\r\n"))
        {
            _rest = _rest[1..];
        }
        if (_rest.IsEmpty)
        {
            return;
        }
        if (_rest[0] != '\n')
        {
            throw new InvocationException(400, $"Line {Line}: after a closing quote there must be a comma or the line's end.");
        }
        _rest = _rest[1..];
        Line++;
    }

    private ReadOnlySpan<char> Quoted()
    {
        var begin = Line;
        for (var i = 1; i < _rest.Length; i++)
        {
            if (_rest[i] == '\n')
            {
                Line++;
            }
            else if (_rest[i] == '"')
            {
                if (i + 1 < _rest.Length && _rest[i + 1] == '"')
                {
                    i++;
                    continue;
                }
                var inner = _rest[1..i];
                _rest = _rest[(i + 1)..];
                return inner.Contains('"') ? inner.ToString().Replace("\"\"", "\"", StringComparison.Ordinal) : inner;
            }
        }
        throw new InvocationException(400, $"Line {begin}: a quoted value has no closing quote.");
    }
}
