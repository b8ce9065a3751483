namespace Slipway.Steps.Rows;

/// <summary>Rows as the model sees them, in memory.</summary>
/// <param name="InputNames">The inputs by name, in the model's order.</param>
/// <param name="Inputs">The rows one after the other, one value an input; NaN and code 0 are unknown.</param>
/// <param name="Labels">0 or 1 a row.</param>
/// <param name="Groups">The group of each row, -1 where it has none; empty where groups were not read.</param>
internal sealed record EncodedRows(IReadOnlyList<string> InputNames, float[] Inputs, float[] Labels, int[] Groups)
{
    /// <summary>How many rows there are.</summary>
    public int Count => Labels.Length;

    /// <summary>How many inputs a row has.</summary>
    public int Width => InputNames.Count;

    /// <summary>How many rows have label 1.</summary>
    public int Positives => Labels.Count(label => label != 0);

    /// <summary>Some of the rows, in the order given, without their groups.</summary>
    public EncodedRows Take(IReadOnlyList<int> rows)
    {
        var inputs = new float[rows.Count * Width];
        for (var i = 0; i < rows.Count; i++)
        {
            Inputs.AsSpan(rows[i] * Width, Width).CopyTo(inputs.AsSpan(i * Width));
        }
        return new EncodedRows(InputNames, inputs, [.. rows.Select(row => Labels[row])], []);
    }
}
