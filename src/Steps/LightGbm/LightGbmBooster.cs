using System.Text;

namespace Slipway.Steps.LightGbm;

/// <summary>A model in training. Its data sets must outlive it.</summary>
internal sealed class LightGbmBooster : IDisposable
{
    private const int Validation = 1;

    private readonly BoosterHandle _handle;

    /// <summary>Begins a training.</summary>
    /// <param name="train">The rows to train on.</param>
    /// <param name="validation">The rows of <see cref="Score"/>.</param>
    /// <param name="parameters"><c>name=value</c> pairs; LightGBM keeps the first of a name given twice.</param>
    /// <exception cref="LightGbmException">LightGBM refused.</exception>
    public LightGbmBooster(LightGbmDataset train, LightGbmDataset validation, string parameters)
    {
        NativeMethods.Check(NativeMethods.LGBM_BoosterCreate(train.Handle, parameters, out _handle));
        NativeMethods.Check(NativeMethods.LGBM_BoosterAddValidData(_handle, validation.Handle));
    }

    /// <summary>Adds a tree.</summary>
    /// <returns>False where no split is left that the parameters allow.</returns>
    public bool Update()
    {
        NativeMethods.Check(NativeMethods.LGBM_BoosterUpdateOneIter(_handle, out var isFinished));
        return isFinished == 0;
    }

    /// <summary>The probabilities of the validation rows, by the trees so far.</summary>
    /// <param name="scores">Takes one a row.</param>
    public void Score(double[] scores)
    {
        NativeMethods.Check(NativeMethods.LGBM_BoosterGetNumPredict(_handle, Validation, out var count));
        ArgumentOutOfRangeException.ThrowIfNotEqual(scores.Length, count);
        NativeMethods.Check(NativeMethods.LGBM_BoosterGetPredict(_handle, Validation, out _, scores));
    }

    /// <summary>The model in LightGBM's text format.</summary>
    /// <param name="iterations">How many of its trees, from the first.</param>
    public string ToText(int iterations)
    {
        const int ImportanceByGain = 1;
        NativeMethods.Check(NativeMethods.LGBM_BoosterSaveModelToString(_handle, 0, iterations, ImportanceByGain, 0, out var size, []));
        var text = new byte[size];
        NativeMethods.Check(NativeMethods.LGBM_BoosterSaveModelToString(_handle, 0, iterations, ImportanceByGain, size, out _, text));
        // C's string ends in a zero.
        return Encoding.UTF8.GetString(text.AsSpan(0, text.Length - 1));
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();
}
