using System.Runtime.InteropServices;

namespace Slipway.Tests.ModelServer;

/// <summary>LightGBM's own predictions for a model in its text format: what ours are held against.</summary>
internal static partial class NativeModel
{
    public static double[] Predict(string model, float[] inputs, int width)
    {
        Check(LGBM_BoosterLoadModelFromString(model, out _, out var booster));
        var scores = new double[inputs.Length / width];
        Check(LGBM_BoosterPredictForMat(booster, inputs, 0, scores.Length, width, 1, 0, 0, -1, "", out _, scores));
        Check(LGBM_BoosterFree(booster));
        return scores;
    }

    /// <summary>Trains with any parameters.</summary>
    public static string Train(string parameters, float[] inputs, float[] labels, int width, int rounds)
    {
        Check(LGBM_DatasetCreateFromMat(inputs, 0, labels.Length, width, 1, parameters, 0, out var data));
        Check(LGBM_DatasetSetField(data, "label", labels, labels.Length, 0));
        Check(LGBM_BoosterCreate(data, parameters, out var booster));
        for (var i = 0; i < rounds; i++)
        {
            Check(LGBM_BoosterUpdateOneIter(booster, out _));
        }
        Check(LGBM_BoosterSaveModelToString(booster, 0, -1, 0, 0, out var size, []));
        var text = new byte[size];
        Check(LGBM_BoosterSaveModelToString(booster, 0, -1, 0, size, out _, text));
        Check(LGBM_BoosterFree(booster));
        Check(LGBM_DatasetFree(data));
        return System.Text.Encoding.UTF8.GetString(text.AsSpan(0, text.Length - 1));
    }

    private static void Check(int result) => Assert.True(result == 0, Marshal.PtrToStringUTF8(LGBM_GetLastError()));

    private const string Library = "lib_lightgbm";

    [LibraryImport(Library)]
    private static partial nint LGBM_GetLastError();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterLoadModelFromString(string model, out int iterations, out nint booster);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterPredictForMat(
        nint booster, ReadOnlySpan<float> data, int type, int rows, int columns, int rowMajor, int kind, int start, int count, string parameters, out long length, Span<double> result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_DatasetCreateFromMat(
        ReadOnlySpan<float> data, int type, int rows, int columns, int rowMajor, string parameters, nint reference, out nint dataset);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_DatasetSetField(nint dataset, string name, ReadOnlySpan<float> values, int count, int type);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterCreate(nint dataset, string parameters, out nint booster);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterUpdateOneIter(nint booster, out int finished);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterSaveModelToString(nint booster, int start, int count, int importance, long size, out long needed, Span<byte> text);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterFree(nint booster);

    [LibraryImport(Library)]
    private static partial int LGBM_DatasetFree(nint dataset);
}
