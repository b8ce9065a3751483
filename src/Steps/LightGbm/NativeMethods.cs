using System.Runtime.InteropServices;

namespace Slipway.Steps.LightGbm;

/// <summary>The functions of LightGBM's C API (c_api.h) that training needs. Each returns 0, or -1 with a message in LGBM_GetLastError.</summary>
internal static partial class NativeMethods
{
    private const string Library = "lib_lightgbm";

    // before the first call loads the library
    static NativeMethods() => WaitPolicy.SpinBriefly();

    [LibraryImport(Library)]
    internal static partial nint LGBM_GetLastError();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetCreateFromMat(
        ReadOnlySpan<float> data, int dataType, int rows, int columns, int isRowMajor, string parameters, DatasetHandle reference, out DatasetHandle dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetSetField(DatasetHandle dataset, string name, ReadOnlySpan<float> values, int count, int dataType);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_DatasetSetFeatureNames(DatasetHandle dataset, string[] names, int count);

    [LibraryImport(Library)]
    internal static partial int LGBM_DatasetFree(nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int LGBM_BoosterCreate(DatasetHandle train, string parameters, out BoosterHandle booster);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterAddValidData(BoosterHandle booster, DatasetHandle validation);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterUpdateOneIter(BoosterHandle booster, out int isFinished);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterGetNumPredict(BoosterHandle booster, int data, out long count);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterGetPredict(BoosterHandle booster, int data, out long count, Span<double> values);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterSaveModelToString(
        BoosterHandle booster, int firstIteration, int iterations, int importanceType, long size, out long needed, Span<byte> text);

    [LibraryImport(Library)]
    internal static partial int LGBM_BoosterFree(nint booster);

    /// <summary>Turns a function's -1 into an exception with LightGBM's own words.</summary>
    internal static void Check(int result)
    {
        if (result != 0)
        {
            throw new LightGbmException(Marshal.PtrToStringUTF8(LGBM_GetLastError()) ?? "LightGBM failed and gave no reason.");
        }
    }
}

/// <summary>A data set in LightGBM's memory.</summary>
internal sealed class DatasetHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.LGBM_DatasetFree(handle) == 0;
}

/// <summary>A booster (a model in training) in LightGBM's memory.</summary>
internal sealed class BoosterHandle() : SafeHandle(0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle() => NativeMethods.LGBM_BoosterFree(handle) == 0;
}

/// <summary>LightGBM refused; the message is its own.</summary>
internal sealed class LightGbmException(string message, Exception? inner = null) : Exception(message, inner);
