using System.Globalization;

namespace Slipway.Workflow.DataSets;

public sealed partial class Encoder
{
    /// <summary>
    /// Reads one already encoded input from text, as in the positional request <c>25,1,0,1,0,0,1,1</c>. Empty or
    /// <c>NaN</c> is unknown: NaN for a number, 0 for a category; an indicator must be there.
    /// </summary>
    /// <param name="input">The input's place, from 0.</param>
    /// <param name="text">Its text.</param>
    /// <exception cref="EncodingException">The text is not a number.</exception>
    public float ParseInput(int input, ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (input < _features.Length && (text.IsEmpty || text.Equals("NaN", StringComparison.OrdinalIgnoreCase)))
        {
            return _unknown[input];
        }
        return float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new EncodingException(_inputNames[input], text.ToString(), "is not a number.");
    }

    /// <summary>Checks a row that came already encoded: count, codes, ranges, and indicators that agree with their values.</summary>
    /// <param name="inputs">The row, in the order of <see cref="InputNames"/>.</param>
    /// <exception cref="EncodingException">Names the input and the value.</exception>
    public void Check(ReadOnlySpan<float> inputs)
    {
        CheckCount(inputs.Length);
        for (var i = 0; i < _features.Length; i++)
        {
            CheckFeature(i, inputs[i]);
            if (_indicators[i] >= 0)
            {
                CheckIndicator(i, inputs[i], inputs[_indicators[i]]);
            }
        }
    }

    /// <summary>Checks how many inputs a row has.</summary>
    /// <exception cref="EncodingException">There are more or fewer than the model takes.</exception>
    public void CheckCount(int count)
    {
        if (count != _inputNames.Length)
        {
            throw new EncodingException("", null,
                $"has {count} values, and the model takes {_inputNames.Length}: {string.Join(", ", _inputNames)}.");
        }
    }

    private void CheckFeature(int feature, float value)
    {
        if (_features[feature] is CategoryFeature category)
        {
            if (!(value >= 0 && value <= category.Values.Count) || value != MathF.Floor(value))
            {
                throw new EncodingException(category.Column, Text(value),
                    $"is not a code: 0 is unknown, {string.Join(", ", category.Values.Select((name, i) => $"{i + 1} {name}"))}.");
            }
        }
        else if (_features[feature] is NumberFeature number && !float.IsNaN(value)
            // The limits are narrowed as values are: 0.1f is above 0.1.
            && (float.IsInfinity(value) || value < (float?)number.Min || value > (float?)number.Max))
        {
            throw OutOfRange(number, Text(value));
        }
    }

    private void CheckIndicator(int feature, float value, float indicator)
    {
        var name = _inputNames[_indicators[feature]];
        if (indicator is not (0 or 1))
        {
            throw new EncodingException(name, Text(indicator), "must be 1 (known) or 0 (unknown).");
        }
        var known = _features[feature] is NumberFeature ? !float.IsNaN(value) : value != 0;
        if (known != (indicator == 1))
        {
            throw new EncodingException(name, Text(indicator),
                $"does not agree with '{_inputNames[feature]}', which is {(known ? Text(value) : "unknown")}.");
        }
    }

    private static string Text(float value) => value.ToString("R", CultureInfo.InvariantCulture);
}
