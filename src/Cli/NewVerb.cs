using System.CommandLine;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;

namespace Slipway.Cli;

/// <summary><c>slipway new</c>: the small repository that a person pushes, as template/ has it.</summary>
internal static class NewVerb
{
    private const string Folder = "template/";
    private const string Specification = "data-set.yaml";

    public static Command Verb()
    {
        var directory = new Argument<string>("dir") { Description = "The folder to make; it may be there as long as it is empty, or an empty clone" };
        var csv = new Option<string?>("--csv") { Description = "Your own data: its specification is inferred (default: the ad-click data set's)" };
        var verb = new Verb("new", "Make the repository whose pushes train, register and deploy: data set specification, build specifications, settings, README.",
            "new my-mlops", "new churn --csv churn.csv", "new . && git add . && git commit -m \"From slipway new\" && git push origin main")
        {
            directory, csv,
        };
        verb.SetAction(parsed =>
        {
            var target = parsed.GetValue(directory)!;
            Write(target, parsed.GetValue(csv));
            Console.WriteLine($"Wrote {string.Join(", ", Files().Keys.Order(StringComparer.Ordinal))} into {target}. Its README.md says how to go on.");
            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>Writes the repository's files.</summary>
    /// <exception cref="BadInputException">The folder is not empty, or the CSV can't be used.</exception>
    public static void Write(string directory, string? csv)
    {
        if (File.Exists(directory))
        {
            throw new BadInputException($"{directory} is a file. Choose a folder that is not there yet.");
        }

        if (Directory.Exists(directory) && Directory.EnumerateFileSystemEntries(directory).Where(e => Path.GetFileName(e) != ".git").Order(StringComparer.Ordinal).FirstOrDefault() is { } found)
        {
            throw new BadInputException($"{directory} is not empty: {Path.GetFileName(found)} is there, and nothing is overwritten. Choose another folder.");
        }

        var files = Files();
        if (csv is not null)
        {
            files[Specification] = SpecificationInference.Infer(Options.Existing("--csv", csv));
        }

        Directory.CreateDirectory(directory);
        foreach (var (name, content) in files)
        {
            File.WriteAllText(Path.Combine(directory, name), content);
        }
    }

    private static Dictionary<string, string> Files()
    {
        var assembly = typeof(NewVerb).Assembly;
        return assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)).ToDictionary(n => n[Folder.Length..], n =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(n)!);
            return reader.ReadToEnd();
        });
    }
}
