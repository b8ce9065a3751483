using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Slipway.Cli;

/// <summary>A verb of the command line: a command whose help ends with examples.</summary>
internal sealed class Verb : Command
{
    private const string Shell = "$ ";

    public Verb(string name, string description, params ReadOnlySpan<string> examples)
        : base(name, description) => Examples = [.. examples];

    /// <summary>Command lines to copy, without <c>./slipway</c>; those that begin with another program follow <c>$ </c>.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Makes <c>--help</c> show a verb's examples below the standard help.</summary>
    public static void ShowExamples(RootCommand root)
    {
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
    }

    private sealed class HelpWithExamples(HelpAction standard) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var status = standard.Invoke(parseResult);
            var examples = parseResult.CommandResult.Command is Verb verb ? verb.Examples : Program.Examples;
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine(example.StartsWith(Shell, StringComparison.Ordinal) ? $"  {example[Shell.Length..]}" : $"  ./slipway {example}");
            }

            return status;
        }
    }
}
