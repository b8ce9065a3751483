using System.CommandLine;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;

namespace Slipway.Cli;

/// <summary>Options that several verbs share.</summary>
internal static class Options
{
    /// <summary>An environment variable; null where it is absent or empty.</summary>
    public static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>The data set specification; the ad-click one where absent.</summary>
    public static Option<string?> Specification() => new("--specification")
    {
        Description = "The data set specification, a YAML file (default: data-set.yaml where it is there, else the ad-click data set's)",
    };

    /// <summary>The data directory of local AWS.</summary>
    public static Option<string> Data() => new("--data") { Description = "The folder that keeps everything", DefaultValueFactory = _ => Path.Combine(".slipway", "aws") };

    /// <summary>The full path of a folder that an option names, which may be missing.</summary>
    /// <exception cref="BadInputException">It names none.</exception>
    public static string Folder(string option, string path) => path.Length > 0 ? Path.GetFullPath(path) : throw new BadInputException($"{option} names no folder.");

    /// <summary>A path as a person types it: from here where it lies below, else in full.</summary>
    public static string Short(string path) => Path.GetRelativePath(".", path) is var shown && !shown.StartsWith("..", StringComparison.Ordinal) ? shown : path;

    /// <summary>The file that an option names.</summary>
    /// <exception cref="BadInputException">There is no such file.</exception>
    public static string Existing(string option, string file) => File.Exists(file) ? file
        : throw new BadInputException(Directory.Exists(file) ? AFolder(option, file) : $"{option} {file}: there is no such file.");

    /// <summary>The file that an option names to be written.</summary>
    /// <exception cref="BadInputException">It is a folder, or its folder is missing.</exception>
    public static string Writable(string option, string file) => Directory.Exists(file) ? throw new BadInputException(AFolder(option, file))
        : Path.GetDirectoryName(Path.GetFullPath(file)) is { } folder && Directory.Exists(folder) ? file
        : throw new BadInputException($"{option} {file}: its folder is not there. Make it first, or choose another.");

    private static string AFolder(string option, string file) => $"{option} {file} is a folder, and a file is expected.";

    /// <summary>Reads the specification that <see cref="Specification"/> names.</summary>
    /// <exception cref="BadInputException">There is no such file, or it is no valid specification.</exception>
    public static DataSetSpecification Load(string? path)
    {
        path ??= File.Exists("data-set.yaml") ? "data-set.yaml" : null;
        if (path is null)
        {
            return DataSetSpecification.AdClick;
        }

        try
        {
            return DataSetSpecification.Load(Existing("--specification", path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(e.Message, e);
        }
    }

    /// <summary>The specification's own text, which goes to the pipeline's steps as it is.</summary>
    public static string Text(string? path)
    {
        path ??= File.Exists("data-set.yaml") ? "data-set.yaml" : null;
        return path is null ? DataSetSpecification.AdClickYaml : File.ReadAllText(Existing("--specification", path));
    }
}
