using Slipway.Workflow.DataSets;

namespace Slipway.ModelServer.Serving;

/// <summary>The rows of one request, encoded. Used again for the next request of its thread.</summary>
internal sealed class RequestRows
{
    private const int KeptValues = 1 << 16;

    [ThreadStatic]
    private static RequestRows? s_ofThread;

    private float[] _values = new float[64];
    private int _width;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The rows of this thread, empty.</summary>
    public static RequestRows Begin(int width)
    {
        var rows = s_ofThread ??= new RequestRows();
        // What one large request needed is not held for ever.
        if (rows._values.Length > KeptValues)
        {
            rows._values = new float[64];
        }
        (rows._width, rows.Count) = (width, 0);
        return rows;
    }

    /// <summary>A row's inputs.</summary>
    public ReadOnlySpan<float> this[int row] => _values.AsSpan(row * _width, _width);

    /// <summary>Adds a row; its values are whatever they were.</summary>
    public Span<float> Add()
    {
        var begin = Count++ * _width;
        if (begin + _width > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, begin + _width));
        }
        return _values.AsSpan(begin, _width);
    }

    /// <summary>Says where a value is wrong.</summary>
    /// <param name="line">The line of the body, from 1; 0 where the body has none.</param>
    /// <param name="e">What is wrong.</param>
    public InvocationException Refuse(int line, EncodingException e) =>
        new(400, $"Row {Count}{(line == 0 || line == Count ? "" : $" (line {line})")}: {e.Message}", e);
}
