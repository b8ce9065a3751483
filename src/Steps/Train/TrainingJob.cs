using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Steps.Rows;
using Slipway.Steps.StepHost;

namespace Slipway.Steps.Train;

/// <summary>
/// SageMaker's training container contract: what the job's configuration files say and where its channels lie
/// (<see href="https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html"/>).
/// </summary>
/// <param name="Root">The folder that stands for <c>/opt/ml</c>.</param>
internal sealed record TrainingJob(string Root)
{
    private static readonly string[] Channels = ["train", "validation", "encoder"];

    /// <summary>The folder whose content SageMaker packs as model.tar.gz.</summary>
    public string ModelFolder => Path.Combine(Root, "model");

    /// <summary>A channel's folder.</summary>
    public string Channel(string name) => Path.Combine(Root, "input", "data", name);

    /// <summary>Checks that the job is one that this step can do.</summary>
    /// <exception cref="StepFailedException">A channel is missing, or the job has several instances.</exception>
    public void Check()
    {
        using var channels = Configuration("inputdataconfig.json");
        foreach (var name in Channels)
        {
            if (!channels.RootElement.TryGetProperty(name, out _) || !Directory.Exists(Channel(name)))
            {
                throw new StepFailedException($"The channel '{name}' is missing: the job needs the channels {string.Join(", ", Channels)} in InputDataConfig.");
            }
        }
        using var resources = Configuration("resourceconfig.json");
        if (resources.RootElement.TryGetProperty("hosts", out var hosts) && hosts.GetArrayLength() > 1)
        {
            throw new StepFailedException($"The job has {hosts.GetArrayLength()} instances; training on several is not supported yet: set ResourceConfig.InstanceCount to 1.");
        }
    }

    /// <summary>The job's hyperparameters, as they were given.</summary>
    /// <exception cref="StepFailedException">The file is not an object of texts.</exception>
    public Dictionary<string, string> Hyperparameters()
    {
        using var given = Configuration("hyperparameters.json");
        return given.RootElement.EnumerateObject().ToDictionary(member => member.Name, Text, StringComparer.Ordinal);
    }

    /// <summary>The SHA-256 of each file of the channels, by <c>channel/file</c>.</summary>
    public SortedDictionary<string, string> Hashes()
    {
        var hashes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in EncodedFiles.Of(Channel("train")).Concat(EncodedFiles.Of(Channel("validation"))).Append(EncoderFile))
        {
            using var content = File.OpenRead(file);
            hashes[Path.GetRelativePath(Path.Combine(Root, "input", "data"), file).Replace('\\', '/')] = Convert.ToHexStringLower(SHA256.HashData(content));
        }
        return hashes;
    }

    /// <summary>The encoder that the rows went through.</summary>
    public string EncoderFile => Path.Combine(Channel("encoder"), "encoder.json");

    private static string Text(JsonProperty member) => member.Value.ValueKind == JsonValueKind.String
        ? member.Value.GetString()! : member.Value.GetRawText();

    private JsonDocument Configuration(string name)
    {
        var path = Path.Combine(Root, "input", "config", name);
        try
        {
            // A job without hyperparameters has no such file, or an empty object.
            var document = JsonDocument.Parse(File.Exists(path) ? File.ReadAllText(path) : "{}");
            return document.RootElement.ValueKind == JsonValueKind.Object ? document
                : throw new StepFailedException($"{path} must hold a JSON object.");
        }
        catch (JsonException e)
        {
            throw new StepFailedException($"{path} is not JSON: {e.Message}", e);
        }
    }
}
