using System.Text;
using System.Text.Json;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Steps.Train;

/// <summary>Extract, preprocess and train in one folder that stands for /opt/ml.</summary>
internal sealed class TrainingRun : IDisposable
{
    private TrainingRun()
    {
    }

    public StepRun Run { get; } = new();

    public string ModelFolder => Path.Combine(Run.Root, "model");

    public string Failure => File.ReadAllText(Path.Combine(Run.Root, "output", "failure"));

    /// <summary>Splits and encodes a CSV like the ad-click data, and lays the parts out as a training job's channels.</summary>
    public static async Task<TrainingRun> PreparedAsync(string csv, string split = "auto")
    {
        var training = new TrainingRun();
        await training.Run.ExtractAsync(csv);
        await training.Run.DoneAsync("preprocess", "--split", split);
        foreach (var channel in new[] { "train", "validation", "encoder" })
        {
            Copy(training.Run.Output(channel), training.Channel(channel));
        }
        training.Configure("inputdataconfig.json", new { train = new { }, validation = new { }, encoder = new { } });
        training.Configure("resourceconfig.json", new { current_host = "algo-1", hosts = new[] { "algo-1" } });
        return training;
    }

    /// <summary>The same, with a model trained.</summary>
    public static async Task<TrainingRun> TrainedAsync(string csv, string split = "auto", object? hyperparameters = null)
    {
        var training = await PreparedAsync(csv, split);
        training.Configure("hyperparameters.json", hyperparameters ?? new { });
        await training.Run.DoneAsync("train");
        return training;
    }

    /// <summary>A sample data set as text.</summary>
    public static string Sample(long rows, long seed = 7)
    {
        using var stream = new MemoryStream();
        SampleData.Write(stream, rows, seed);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public string Channel(string name) => Path.Combine(Run.Root, "input", "data", name);

    public void Configure(string file, object content)
    {
        var path = Path.Combine(Run.Root, "input", "config", file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, JsonSerializer.Serialize(content));
    }

    public void Dispose() => Run.Dispose();

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
