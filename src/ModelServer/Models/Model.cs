using Slipway.Aws.SageMaker;
using Slipway.Workflow.DataSets;

namespace Slipway.ModelServer.Models;

/// <summary>
/// A trained model with what it takes to use it: how raw rows become inputs, the trees, and how it was made. It lies in
/// a folder as model.txt, encoder.json and training.json; SageMaker packs that folder as model.tar.gz.
/// </summary>
/// <param name="Encoder">Turns a raw row into the model's inputs; the one that the training rows went through.</param>
/// <param name="Forest">The trees.</param>
/// <param name="Training">How the model was made, and the cut between its labels.</param>
public sealed record Model(Encoder Encoder, Forest Forest, TrainingRecord Training)
{
    /// <summary>Reads a model from its folder.</summary>
    /// <exception cref="InvalidDataException">A file is missing or not what it should be: the message names it.</exception>
    public static Model Load(string folder)
    {
        var forest = ForestReader.Read(Content(folder, "model.txt"));
        var encoder = Encoder.FromJson(Content(folder, "encoder.json"));
        var training = TrainingRecord.FromJson(Content(folder, "training.json"));
        return forest.InputNames.SequenceEqual(encoder.InputNames) ? new Model(encoder, forest, training)
            : throw new InvalidDataException(
                $"model.txt takes {string.Join(", ", forest.InputNames)}, and encoder.json makes {string.Join(", ", encoder.InputNames)}: they belong to different models.");
    }

    /// <summary>Reads a model from a model.tar.gz.</summary>
    /// <exception cref="InvalidDataException">The archive is not safe or not whole, or <see cref="Load"/>'s reasons.</exception>
    public static Model LoadArchive(string archive)
    {
        var folder = Directory.CreateTempSubdirectory("slipway-model-");
        try
        {
            using var file = File.OpenRead(archive);
            ModelArchive.Extract(file, folder.FullName);
            return Load(folder.FullName);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"{Path.GetFileName(archive)}: {e.Message}", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Content(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"The model has no {name}: {path} is missing.", e);
        }
    }
}
