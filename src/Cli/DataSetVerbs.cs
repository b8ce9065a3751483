using System.CommandLine;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;

namespace Slipway.Cli;

/// <summary><c>slipway dataset infer</c>.</summary>
internal static class DataSetVerbs
{
    public static Command Verb()
    {
        var verb = new Verb("dataset", "Work on data set specifications.", "dataset infer --csv churn.csv --output data-set.yaml");
        verb.Subcommands.Add(Infer());
        return verb;
    }

    private static Command Infer()
    {
        var csv = new Option<string>("--csv") { Description = "The CSV to look at", Required = true };
        var label = new Option<string?>("--label") { Description = "The header of the column to predict (default: the likeliest column of two values)" };
        var output = new Option<string?>("--output", "-o") { Description = "The file to write (default: standard output)" };
        var verb = new Verb("infer", "Write a first data set specification from a CSV, with what it is unsure of in comments.",
            "dataset infer --csv churn.csv --output data-set.yaml", "dataset infer --csv churn.csv --label churned")
        {
            csv, label, output,
        };
        verb.SetAction(parsed =>
        {
            var yaml = SpecificationInference.Infer(Options.Existing("--csv", parsed.GetValue(csv)!), parsed.GetValue(label));
            if (parsed.GetValue(output) is not { } target)
            {
                Console.Write(yaml);
            }
            else if (File.Exists(target))
            {
                throw new BadInputException($"--output {target} is there already, and a specification that a person has edited is not overwritten. Choose another name.");
            }
            else
            {
                File.WriteAllText(Options.Writable("--output", target), yaml);
                Console.WriteLine($"Wrote {target}. Read its comments, they say what to check.");
            }

            return ExitCode.Done;
        });
        return verb;
    }
}
