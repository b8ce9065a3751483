namespace Slipway.Steps.Evaluate;

/// <summary>Rows in the order of their scores: one pass over them is all that the AUC of a resample needs.</summary>
internal sealed class RankedRows
{
    private const uint IsPositive = 1, IsLastOfScore = 2;
    private const int Marks = 2;

    // the number of a row's unit, above its two marks: what a pass reads of a row are 4 bytes and a weight
    private readonly uint[] _rows;

    /// <param name="rows">The rows, lowest score first.</param>
    /// <param name="scores">The scores of all rows.</param>
    /// <param name="labels">The labels of all rows.</param>
    /// <param name="units">Of all rows, the number of what is drawn as a whole.</param>
    /// <param name="resamples">How many resamples there are.</param>
    public RankedRows(int[] rows, double[] scores, float[] labels, int[] units, int resamples)
    {
        _rows = new uint[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var isLast = i + 1 == rows.Length || scores[rows[i + 1]] != scores[rows[i]];
            _rows[i] = ((uint)units[rows[i]] << Marks) | (isLast ? IsLastOfScore : 0) | (labels[rows[i]] != 0 ? IsPositive : 0);
        }
        Aucs = new double[resamples];
    }

    /// <summary>The AUC of each resample; NaN where one has no row of a label.</summary>
    public double[] Aucs { get; }

    /// <summary>Finds the AUC of a resample, unless it is more than there are.</summary>
    /// <param name="resample">Its number, from 0.</param>
    /// <param name="weights">How often each unit was drawn.</param>
    public void Resample(int resample, int[] weights)
    {
        if (resample >= Aucs.Length)
        {
            return;
        }
        // twice the area, as ties count half
        long area = 0, below = 0, positives = 0, tiedPositives = 0, tiedNegatives = 0;
        foreach (var row in _rows)
        {
            long weight = weights[row >> Marks];
            var positive = weight & -(long)(row & IsPositive);
            tiedPositives += positive;
            tiedNegatives += weight - positive;
            if ((row & IsLastOfScore) != 0)
            {
                area += tiedPositives * ((2 * below) + tiedNegatives);
                below += tiedNegatives;
                positives += tiedPositives;
                (tiedPositives, tiedNegatives) = (0, 0);
            }
        }
        Aucs[resample] = positives == 0 || below == 0 ? double.NaN : area / 2.0 / ((double)positives * below);
    }
}
