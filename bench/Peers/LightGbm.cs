using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Peers;

/// <summary>LightGBM through its C API: the same rows, parameters and number of trees as a training of ours, and the model as text.</summary>
internal static partial class LightGbm
{
    private const string Library = "lib_lightgbm";
    private const int Float32 = 0;
    private static readonly string[] OfOurTrainer = ["num_boost_round", "early_stopping_rounds", "metric", "num_threads"];

    public static int Train(string train, string validation, string record, string output)
    {
        using var ours = JsonDocument.Parse(File.ReadAllText(record));
        var parameters = $"num_threads={Environment.ProcessorCount} objective=binary metric=auc,binary_logloss verbosity=-1 deterministic=true force_row_wise=true "
            + string.Join(' ', ours.RootElement.GetProperty("hyperparameters").EnumerateObject()
                .Where(p => !OfOurTrainer.Contains(p.Name)).Select(p => $"{p.Name}={p.Value.GetString()}"));
        var rows = DataSet(train, parameters, 0);
        Check(LGBM_BoosterCreate(rows, parameters, out var booster));
        if (validation != "none")
        {
            Check(LGBM_BoosterAddValidData(booster, DataSet(validation, parameters, rows)));
        }
        var clock = Stopwatch.StartNew();
        var metrics = new double[2];
        for (var round = ours.RootElement.GetProperty("rounds").GetInt32(); round > 0; round--)
        {
            Check(LGBM_BoosterUpdateOneIter(booster, out _));
            if (validation != "none")
            {
                Check(LGBM_BoosterGetEval(booster, 1, out _, metrics));
            }
        }
        Check(LGBM_BoosterSaveModel(booster, 0, ours.RootElement.GetProperty("best_iteration").GetInt32(), 1, output));
        Console.WriteLine($"trees in {clock.Elapsed.TotalSeconds:F2} s, validation AUC {metrics[0]:F5}");
        return 0;
    }

    private static nint DataSet(string parquet, string parameters, nint reference)
    {
        var (inputs, labels, names) = DuckDb.Read(parquet);
        Check(LGBM_DatasetCreateFromMat(inputs, Float32, labels.Length, names.Length, 1, parameters, reference, out var set));
        Check(LGBM_DatasetSetField(set, "label", labels, labels.Length, Float32));
        return set;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new InvalidOperationException(Marshal.PtrToStringUTF8(LGBM_GetLastError()));
        }
    }

    [LibraryImport(Library)]
    private static partial nint LGBM_GetLastError();

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_DatasetCreateFromMat(
        float[] data, int type, int rows, int columns, int isRowMajor, string parameters, nint reference, out nint set);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_DatasetSetField(nint set, string name, float[] values, int count, int type);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterCreate(nint set, string parameters, out nint booster);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterAddValidData(nint booster, nint set);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterUpdateOneIter(nint booster, out int isFinished);

    [LibraryImport(Library)]
    private static partial int LGBM_BoosterGetEval(nint booster, int data, out int count, double[] values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LGBM_BoosterSaveModel(nint booster, int first, int count, int importance, string file);
}
