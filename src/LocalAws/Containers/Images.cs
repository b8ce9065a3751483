using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.Containers;

/// <summary>A program on this machine and its arguments.</summary>
/// <param name="Vector">The program's full path, then its arguments.</param>
/// <param name="TakesFolderFromVariable">Whether it finds its <c>/opt/ml</c> through SLIPWAY_ML_ROOT, so that it needs none of that name.</param>
internal sealed record Command(IReadOnlyList<string> Vector, bool TakesFolderFromVariable);

/// <summary>
/// What an image is on this machine: the platform's own image is the worker beside local AWS, an image of the image
/// map is a command, and any other one is Docker's.
/// </summary>
internal sealed class Images(LocalAwsOptions options, ImageMap map)
{
    /// <summary>The command of an image that runs as a process here, or null where it is Docker's.</summary>
    /// <exception cref="ContainerStartException">Its program is not on this machine.</exception>
    public Command? Find(ContainerSpec spec, string path)
    {
        if (spec.IsMachine)
        {
            return new(Resolve([.. spec.Entrypoint!, .. spec.Arguments], path, spec.Image), TakesFolderFromVariable: true);
        }

        if (PlatformImage.Is(spec.Image))
        {
            return Own(spec, path);
        }

        if (map.Find(spec.Image) is not { } command)
        {
            return null;
        }

        List<string> vector = [.. command, .. spec.Entrypoint ?? [], .. spec.Arguments];
        return vector.Count > 0
            ? new(Resolve(vector, path, spec.Image), TakesFolderFromVariable: false)
            : throw new ContainerStartException($"The image map gives {spec.Image} no command, and the job has no entry point and no arguments.");
    }

    private Command Own(ContainerSpec spec, string path)
    {
        List<string> vector = [.. spec.Entrypoint ?? [PlatformImage.Worker], .. spec.Arguments];
        var isWorker = vector[0] == PlatformImage.Worker;
        if (!isWorker)
        {
            return new(Resolve(vector, path, spec.Image), TakesFolderFromVariable: false);
        }

        vector[0] = Path.GetFullPath(options.Worker);
        return File.Exists(vector[0])
            ? new(vector, TakesFolderFromVariable: true)
            : throw new ContainerStartException($"{spec.Image} runs as the worker {vector[0]}, which is not there: build the project first.");
    }

    private static List<string> Resolve(List<string> vector, string path, string image)
    {
        var program = vector[0].Contains('/', StringComparison.Ordinal)
            ? (File.Exists(vector[0]) ? vector[0] : null)
            : path.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, vector[0])).FirstOrDefault(File.Exists);
        return program is null
            ? throw new ContainerStartException($"{image} can't be started: there is no program '{vector[0]}' on this machine.")
            : [program, .. vector[1..]];
    }
}
