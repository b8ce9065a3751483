using Slipway.Steps.Rows;

namespace Slipway.Steps.LightGbm;

/// <summary>Labelled rows, binned by LightGBM.</summary>
internal sealed class LightGbmDataset : IDisposable
{
    private const int Float32 = 0;

    /// <summary>Bins rows.</summary>
    /// <param name="rows">The rows; not needed after this.</param>
    /// <param name="parameters"><c>name=value</c> pairs; LightGBM keeps the first of a name given twice.</param>
    /// <param name="reference">The training rows whose bins validation rows take; null for training rows.</param>
    /// <param name="weights">How much each row counts; null where each counts once.</param>
    /// <exception cref="LightGbmException">LightGBM refused, or its library can't be loaded.</exception>
    public LightGbmDataset(EncodedRows rows, string parameters, LightGbmDataset? reference = null, float[]? weights = null)
    {
        try
        {
            using var none = new DatasetHandle();
            NativeMethods.Check(NativeMethods.LGBM_DatasetCreateFromMat(
                rows.Inputs, Float32, rows.Count, rows.Width, 1, parameters, reference?.Handle ?? none, out var handle));
            Handle = handle;
        }
        catch (DllNotFoundException e)
        {
            throw new LightGbmException(
                $"LightGBM's native library can't be loaded: {e.Message} On Linux it needs GNU OpenMP (Debian's package libgomp1).", e);
        }
        NativeMethods.Check(NativeMethods.LGBM_DatasetSetField(Handle, "label", rows.Labels, rows.Count, Float32));
        if (weights is not null)
        {
            NativeMethods.Check(NativeMethods.LGBM_DatasetSetField(Handle, "weight", weights, rows.Count, Float32));
        }
        NativeMethods.Check(NativeMethods.LGBM_DatasetSetFeatureNames(Handle, [.. rows.InputNames], rows.Width));
    }

    /// <summary>LightGBM's handle.</summary>
    public DatasetHandle Handle { get; }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
