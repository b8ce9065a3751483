using System.Globalization;

namespace Slipway.Workflow.DataSets;

/// <summary>
/// Turns a raw row into the model's inputs. This class is the only code that does so, in training and in serving: the
/// preprocess step runs <see cref="SqlExpressions"/>, the model server calls <see cref="Set"/>, and both say the same of
/// every row. It learns nothing from data; it is made from the specification, saved as encoder.json beside the model and
/// read from there by the model server.
/// </summary>
/// <remarks>
/// The inputs are the features in the specification's order (a number as it is, NaN where unknown; a category as its
/// place in the list of values from 1, 0 where unknown), then the known indicators in the same order (1 or 0).
/// A missing, empty or null value is unknown; a value outside the list or the range is an error, never a guess.
/// </remarks>
public sealed partial class Encoder
{
    private readonly Feature[] _features;
    private readonly Dictionary<string, float>.AlternateLookup<ReadOnlySpan<char>>[] _codes;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _columnIndex;
    private readonly int[] _indicators;
    private readonly string[] _inputNames;
    private readonly float[] _unknown;
    private readonly HashSet<string> _otherColumns;

    /// <summary>The encoder of a data set.</summary>
    public Encoder(DataSetSpecification specification)
        : this(specification.Name, specification.Features, OtherColumnsOf(specification))
    {
    }

    private Encoder(string dataSet, IReadOnlyList<Feature> features, IEnumerable<string> otherColumns)
    {
        DataSet = dataSet;
        _features = [.. features];
        _otherColumns = new HashSet<string>(otherColumns, StringComparer.Ordinal);
        _columnIndex = _features.Select((feature, i) => (feature, i))
            .ToDictionary(pair => pair.feature.Column, pair => pair.i, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
        _codes = [.. _features.Select(feature => Codes(feature as CategoryFeature))];
        _indicators = new int[_features.Length];
        var names = _features.Select(feature => feature.Column).ToList();
        for (var i = 0; i < _features.Length; i++)
        {
            _indicators[i] = _features[i].KnownIndicator is null ? -1 : names.Count;
            if (_features[i].KnownIndicator is { } indicator)
            {
                names.Add(indicator);
            }
        }
        _inputNames = [.. names];
        _unknown = [.. names.Select((_, i) => i < _features.Length && _features[i] is NumberFeature ? float.NaN : 0f)];
    }

    /// <summary>The name of the data set.</summary>
    public string DataSet { get; }

    /// <summary>The model's inputs by name, in order.</summary>
    public IReadOnlyList<string> InputNames => _inputNames;

    /// <summary>The raw columns that are encoded, in order; their index is what <see cref="Set"/> takes.</summary>
    public IReadOnlyList<Feature> Features => _features;

    /// <summary>
    /// Columns of the data set that are no features (identifier, event time, group, label, personal data): a row may
    /// carry them, and they are not looked at.
    /// </summary>
    public IReadOnlyCollection<string> OtherColumns => _otherColumns;

    /// <summary>The index of a raw column, -1 for one of <see cref="OtherColumns"/>.</summary>
    /// <exception cref="EncodingException">The data set has no such column.</exception>
    public int IndexOf(ReadOnlySpan<char> column)
    {
        if (_columnIndex.TryGetValue(column, out var index))
        {
            return index;
        }
        var name = column.ToString();
        return _otherColumns.Contains(name) ? -1 : throw new EncodingException(name, null,
            $"is not a column of the data set {DataSet}; its features are {string.Join(", ", _features.Select(f => f.Column))}.");
    }

    /// <summary>Sets all inputs to unknown: where a row begins.</summary>
    /// <param name="inputs">One value an input.</param>
    public void Clear(Span<float> inputs) => _unknown.CopyTo(inputs);

    /// <summary>Encodes one raw value, in text, into the row's inputs. An empty text is unknown.</summary>
    /// <param name="feature">The column's index (<see cref="IndexOf"/>).</param>
    /// <param name="text">The raw value.</param>
    /// <param name="inputs">The row's inputs, cleared before (<see cref="Clear"/>).</param>
    /// <exception cref="EncodingException">The value is no number, outside the range, or not in the list.</exception>
    public void Set(int feature, ReadOnlySpan<char> text, Span<float> inputs)
    {
        if (text.IsEmpty)
        {
            SetUnknown(feature, inputs);
        }
        else if (_features[feature] is NumberFeature number)
        {
            if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            {
                throw new EncodingException(number.Column, text.ToString(), "is not a number.");
            }
            SetNumber(feature, value, inputs);
        }
        else if (_codes[feature].TryGetValue(text, out var code))
        {
            Known(feature, code, inputs);
        }
        else
        {
            throw NotAllowed((CategoryFeature)_features[feature], text.ToString());
        }
    }

    /// <summary>Encodes one raw number into the row's inputs.</summary>
    /// <param name="feature">The column's index (<see cref="IndexOf"/>).</param>
    /// <param name="value">The raw value.</param>
    /// <param name="inputs">The row's inputs, cleared before (<see cref="Clear"/>).</param>
    /// <exception cref="EncodingException">The column takes no numbers, or the value is outside its range.</exception>
    public void SetNumber(int feature, double value, Span<float> inputs)
    {
        if (_features[feature] is not NumberFeature number)
        {
            // A category whose values are written as numbers ("1", "2") comes as a number in JSON.
            Set(feature, value.ToString("R", CultureInfo.InvariantCulture), inputs);
            return;
        }
        if (!(value >= Low(number) && value <= High(number)))
        {
            throw OutOfRange(number, value.ToString("R", CultureInfo.InvariantCulture));
        }
        Known(feature, (float)value, inputs);
    }

    /// <summary>Sets one raw column to unknown in the row's inputs.</summary>
    public void SetUnknown(int feature, Span<float> inputs)
    {
        inputs[feature] = _unknown[feature];
        if (_indicators[feature] >= 0)
        {
            inputs[_indicators[feature]] = 0;
        }
    }

    // Inputs are floats: what a float can't hold is out of range whatever the specification says.
    private static double Low(NumberFeature number) => Math.Max(number.Min ?? -float.MaxValue, -float.MaxValue);

    private static double High(NumberFeature number) => Math.Min(number.Max ?? float.MaxValue, float.MaxValue);

    private void Known(int feature, float value, Span<float> inputs)
    {
        inputs[feature] = value;
        if (_indicators[feature] >= 0)
        {
            inputs[_indicators[feature]] = 1;
        }
    }

    private static IEnumerable<string> OtherColumnsOf(DataSetSpecification specification) =>
        specification.Columns.Where(column => column.Role != ColumnRole.Feature).Select(column => column.Name)
            .Concat(specification.PersonalData).Concat(specification.IgnoredColumns);

    private static Dictionary<string, float>.AlternateLookup<ReadOnlySpan<char>> Codes(CategoryFeature? category) =>
        (category?.Values ?? []).Select((value, i) => (value, code: (float)(i + 1)))
            .ToDictionary(pair => pair.value, pair => pair.code, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();

    private static EncodingException NotAllowed(CategoryFeature category, string value) =>
        new(category.Column, value, $"is not one of its values: {string.Join(", ", category.Values)}.");

    private static EncodingException OutOfRange(NumberFeature number, string value) =>
        new(number.Column, value, (number.Min, number.Max) switch
        {
            (null, null) => "is not a finite number.",
            (null, { } max) => $"is above the greatest allowed value, {max}.",
            ({ } min, null) => $"is below the smallest allowed value, {min}.",
            ({ } min, { } max) => $"is outside the allowed range, {min} to {max}.",
        });
}
