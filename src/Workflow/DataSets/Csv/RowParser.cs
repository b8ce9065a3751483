using System.Globalization;
using System.Text;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.DataSets.Csv;

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
    private readonly ValueMemo[] _memos;

    /// <param name="specification">What the columns are.</param>
    /// <param name="header">A header that fits it.</param>
    public RowParser(DataSetSpecification specification, string[] header)
    {
        (_specification, _header) = (specification, header);
        _columns = [.. specification.Columns];
        _encoder = new Encoder(specification);
        _inputs = new float[_encoder.InputNames.Count];
        _fields = [.. specification.Columns.Select(column => Array.IndexOf(header, specification.CsvColumn(column.Name)))];
        _features = [.. specification.Columns.Select(column => column.Role == ColumnRole.Feature ? _encoder.IndexOf(column.Name) : -1)];
        _memos = [.. specification.Columns.Select(_ => new ValueMemo())];
    }

    /// <summary>Adds the record that a reader is at to a batch.</summary>
    /// <returns>All that is wrong with it; it is not in the batch then.</returns>
    public IReadOnlyList<RowError> Parse(CsvReader reader, RowBatch batch)
    {
        if (reader.Count != _header.Length)
        {
            return [new RowError(reader.Line, "", CsvHeader.Ragged(reader.Count, _header.Length))];
        }
        if (reader.FindIllegible() is var (field, what))
        {
            return [new RowError(reader.Line, _header[field], $"'{_header[field]}' {what}")];
        }
        var before = batch.Rows;
        List<RowError>? errors = null;
        for (var i = 0; i < _columns.Length; i++)
        {
            if (_fields[i] < 0 || (_features[i] >= 0 && reader[_fields[i]].IsEmpty))
            {
                batch.AddUnknown();
            }
            else if (!TryAdd(i, reader[_fields[i]], batch, out var problem))
            {
                (errors ??= []).Add(new RowError(reader.Line, _specification.CsvColumn(_columns[i].Name), problem));
            }
        }
        if (errors is null)
        {
            return [];
        }
        batch.Keep(before);
        return errors;
    }

    private bool TryAdd(int index, ReadOnlySpan<byte> field, RowBatch batch, out string problem)
    {
        problem = "";
        var isKey = _columns[index].Role is ColumnRole.RecordIdentifier or ColumnRole.Group;
        if (isKey && field.Length is > 0 and <= LongestText)
        {
            batch.Add(field);
            return true;
        }
        if (_memos[index].TryFind(field, out var canonical))
        {
            batch.Add(canonical);
            return true;
        }
        if (!TryParse(index, Encoding.UTF8.GetString(field), out var value, out problem))
        {
            return false;
        }
        Add(index, field, value, batch);
        return true;
    }

    private void Add(int index, ReadOnlySpan<byte> field, RowValue value, RowBatch batch)
    {
        if (value is { Text: null, Number: null })
        {
            batch.AddUnknown();
            return;
        }
        Span<byte> digits = stackalloc byte[RowValue.LongestNumber];
        ReadOnlySpan<byte> text = value.Number is { } number ? digits[..RowValue.Format(number, digits)] : Encoding.UTF8.GetBytes(value.Text!);
        _memos[index].Add(field, text);
        batch.Add(text);
    }

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
