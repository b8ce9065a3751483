using System.Globalization;

namespace Slipway.Workflow.DataSets;

/// <summary>Makes typed values of a CSV's fields, and says what is wrong with those that have none.</summary>
internal sealed class RowParser
{
    private readonly DataSetSpecification _specification;
    private readonly Encoder _encoder;
    private readonly int[] _fields;
    private readonly int[] _features;
    private readonly int _headerCount;
    private readonly float[] _inputs;
    private readonly DerivedIdentifier? _derived;

    public RowParser(DataSetSpecification specification, string[] header, string source, long line)
    {
        _specification = specification;
        _encoder = new Encoder(specification);
        _inputs = new float[_encoder.InputNames.Count];
        _headerCount = header.Length;
        CheckHeader(specification, header, source, line);
        _fields = [.. specification.Columns.Select(column => Array.IndexOf(header, specification.CsvColumn(column.Name)))];
        _features = [.. specification.Columns.Select(column => column.Role == ColumnRole.Feature ? _encoder.IndexOf(column.Name) : -1)];
        _derived = specification.RecordIdentifier.IsDerived ? new DerivedIdentifier(specification) : null;
    }

    public CsvRow Parse(CsvReader reader)
    {
        var columns = _specification.Columns;
        if (reader.Count != _headerCount)
        {
            return Bad(reader, [new RowError(reader.Line, "",
                $"the row has {reader.Count} fields and the header has {_headerCount}; a comma inside a value needs quotes around it.")]);
        }
        var values = new RowValue[columns.Count];
        List<RowError>? errors = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (_fields[i] >= 0 && !TryParse(i, reader[_fields[i]], out values[i], out var problem))
            {
                var name = _specification.CsvColumn(columns[i].Name);
                (errors ??= []).Add(new RowError(reader.Line, name, problem));
            }
        }
        if (errors is not null)
        {
            return Bad(reader, errors);
        }
        if (_derived is not null)
        {
            values[0] = new RowValue(_derived.Next(values), null);
        }
        return new CsvRow(reader.Line, values, [], []);
    }

    private static CsvRow Bad(CsvReader reader, IReadOnlyList<RowError> errors) => new(reader.Line, [], errors, reader.ToArray());

    private bool TryParse(int index, ReadOnlySpan<char> field, out RowValue value, out string problem)
    {
        var column = _specification.Columns[index];
        problem = "";
        value = default;
        try
        {
            value = column.Role switch
            {
                ColumnRole.Feature => Feature(_features[index], field),
                ColumnRole.Label => Label(field),
                ColumnRole.EventTime => EventTime(field),
                _ => field.IsEmpty
                    ? throw new EncodingException(_specification.CsvColumn(column.Name), null, "is empty; every row needs it.")
                    : new RowValue(field.ToString(), null),
            };
            return field.Contains('\uFFFD')
                ? throw new EncodingException(_specification.CsvColumn(column.Name), null, "has bytes that are not UTF-8; save the file as UTF-8.")
                : true;
        }
        catch (EncodingException e)
        {
            problem = e.Message;
            return false;
        }
    }

    private RowValue Feature(int feature, ReadOnlySpan<char> field)
    {
        _encoder.Set(feature, field, _inputs);
        if (field.IsEmpty)
        {
            return default;
        }
        return _encoder.Features[feature] is CategoryFeature category
            ? new RowValue(category.Values[(int)_inputs[feature] - 1], null)
            : new RowValue(null, double.Parse(field, NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    private RowValue Label(ReadOnlySpan<char> field)
    {
        var label = _specification.Label;
        foreach (var allowed in (ReadOnlySpan<string>)[label.Positive, label.Negative])
        {
            if (field.SequenceEqual(allowed) || (label.IsIntegral && IsSameNumber(field, allowed)))
            {
                return label.IsIntegral ? new RowValue(null, long.Parse(allowed, CultureInfo.InvariantCulture)) : new RowValue(allowed, null);
            }
        }
        throw new EncodingException(_specification.CsvColumn(label.Column), field.ToString(),
            $"is not the label's positive ('{label.Positive}') or negative ('{label.Negative}') value.");
    }

    // Programs that hold the label as a float write 1.0.
    private static bool IsSameNumber(ReadOnlySpan<char> field, string allowed) =>
        double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        && value == long.Parse(allowed, CultureInfo.InvariantCulture);

    private RowValue EventTime(ReadOnlySpan<char> field)
    {
        var column = _specification.CsvColumn(_specification.EventTime.Column);
        if (_specification.EventTime.UnixSeconds)
        {
            return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds)
                ? new RowValue(null, seconds)
                : throw new EncodingException(column, field.ToString(), "is not a number of seconds since 1970.");
        }
        return DateTimeOffset.TryParse(field, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new RowValue(EventTimes.Format(time), null)
            : throw new EncodingException(column, field.ToString(), "is not a time; write it as 2026-01-31T23:59:59Z.");
    }

    private static void CheckHeader(DataSetSpecification specification, string[] header, string source, long line)
    {
        var needed = specification.Columns
            .Where(column => !(column.Role == ColumnRole.RecordIdentifier && specification.RecordIdentifier.IsDerived)
                && !(column.Role == ColumnRole.EventTime && specification.EventTime.IsLoadTime))
            .Select(column => specification.CsvColumn(column.Name)).ToList();
        var missing = needed.Except(header).ToList();
        if (missing.Count > 0)
        {
            throw new CsvException(source, line,
                $"the header has no column '{string.Join("', '", missing)}', which the specification needs; it has {string.Join(", ", header)}.");
        }
        var others = header.Except(needed)
            .Except(specification.PersonalData.Concat(specification.IgnoredColumns).Select(specification.CsvColumn)).ToList();
        if (others.Count > 0)
        {
            throw new CsvException(source, line,
                $"the specification does not know the column '{string.Join("', '", others)}'; list it under features, personal_data or ignored_columns.");
        }
        if (header.Distinct().Count() != header.Length)
        {
            throw new CsvException(source, line, $"the header has '{header.GroupBy(name => name).First(g => g.Count() > 1).Key}' twice.");
        }
    }
}
