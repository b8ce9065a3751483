using System.Globalization;

namespace Slipway.Workflow.DataSets;

/// <summary>Makes typed values of a CSV's fields, and says what is wrong with those that have none.</summary>
internal sealed class RowParser
{
    // https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_feature_store_FeatureValue.html
    private const int LongestText = 358_400;

    private static readonly double FirstSecond = (DateTime.MinValue - DateTime.UnixEpoch).TotalSeconds;
    private static readonly double LastSecond = (DateTime.MaxValue - DateTime.UnixEpoch).TotalSeconds;

    private readonly DataSetSpecification _specification;
    private readonly DataSetColumn[] _columns;
    private readonly Encoder _encoder;
    private readonly int[] _fields;
    private readonly int[] _features;
    private readonly string[] _header;
    private readonly float[] _inputs;
    private readonly DerivedIdentifier? _derived;

    /// <param name="specification">What the columns are.</param>
    /// <param name="header">A header that fits it.</param>
    /// <param name="identify">Whether to make identifiers from the rows' content, where the specification says so.</param>
    public RowParser(DataSetSpecification specification, string[] header, bool identify)
    {
        (_specification, _header) = (specification, header);
        _columns = [.. specification.Columns];
        _encoder = new Encoder(specification);
        _inputs = new float[_encoder.InputNames.Count];
        _fields = [.. specification.Columns.Select(column => Array.IndexOf(header, specification.CsvColumn(column.Name)))];
        _features = [.. specification.Columns.Select(column => column.Role == ColumnRole.Feature ? _encoder.IndexOf(column.Name) : -1)];
        _derived = identify && specification.RecordIdentifier.IsDerived ? new DerivedIdentifier(specification) : null;
    }

    public CsvRow Parse(CsvReader reader)
    {
        if (reader.Count != _header.Length)
        {
            return Bad(reader, [new RowError(reader.Line, "", CsvHeader.Ragged(reader.Count, _header.Length))]);
        }
        if (reader.FindIllegible() is var (field, what))
        {
            return Bad(reader, [new RowError(reader.Line, _header[field], $"'{_header[field]}' {what}")]);
        }
        var values = new RowValue[_columns.Length];
        List<RowError>? errors = null;
        for (var i = 0; i < values.Length; i++)
        {
            if (_fields[i] >= 0 && !TryParse(i, reader[_fields[i]], out values[i], out var problem))
            {
                var name = _specification.CsvColumn(_columns[i].Name);
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
        var column = _columns[index];
        problem = "";
        value = default;
        try
        {
            value = column.Role switch
            {
                ColumnRole.Feature => Feature(_features[index], field),
                ColumnRole.Label => Label(field),
                ColumnRole.EventTime => EventTime(field),
                _ => Key(_specification.CsvColumn(column.Name), field),
            };
            return true;
        }
        catch (EncodingException e)
        {
            problem = e.Message;
            return false;
        }
    }

    private static RowValue Key(string column, ReadOnlySpan<char> field) => field.Length switch
    {
        0 => throw new EncodingException(column, null, "is empty; every row needs it."),
        > LongestText => throw new EncodingException(column, null, $"is {field.Length:N0} characters long; the Feature Store takes {LongestText:N0}."),
        _ => new RowValue(field.ToString(), null),
    };

    private RowValue Feature(int feature, ReadOnlySpan<char> field)
    {
        if (_encoder.Features[feature] is NumberFeature && double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            _encoder.SetNumber(feature, number, _inputs);
            return new RowValue(null, number);
        }
        _encoder.Set(feature, field, _inputs);
        return field.IsEmpty ? default : new RowValue(((CategoryFeature)_encoder.Features[feature]).Values[(int)_inputs[feature] - 1], null);
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
            return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
                && seconds >= FirstSecond && seconds < LastSecond
                ? new RowValue(null, seconds)
                : throw new EncodingException(column, field.ToString(), "is not a number of seconds since 1970, in the years 1 to 9999.");
        }
        return DateTimeOffset.TryParse(field, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? new RowValue(EventTimes.Format(time), null)
            : throw new EncodingException(column, field.ToString(), "is not a time; write it as 2026-01-31T23:59:59Z.");
    }
}
