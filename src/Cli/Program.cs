using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using System.Text.RegularExpressions;
using Slipway.Aws.Wire;
using Slipway.Cli.Demos;
using Slipway.LocalAws.Storage;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary>The <c>slipway</c> command line. Exit codes: 0 done, 1 failed, 2 bad input, 3 refused by the gate.</summary>
internal static partial class Program
{
    /// <summary>The examples of <c>slipway --help</c>.</summary>
    public static IReadOnlyList<string> Examples { get; } =
    [
        "demo                                     the whole path on this machine, in under a minute",
        "up                                       local AWS until Ctrl-C",
        "ingest --csv ad_click_dataset.csv        a CSV into S3 and the Feature Store",
        "pipeline run --wait                      train, evaluate and register",
        "status                                   where each commit stands, and what waits for you",
        "models approve 3                         a person's decision",
        "deploy                                   the newest approved version to the endpoint",
    ];

    /// <summary>Every verb by its name, in the order of the help.</summary>
    internal static IReadOnlyList<(string Name, Func<Command> Make)> Verbs { get; } =
    [
        ("demo", DemoVerb.Verb), ("up", UpVerb.Verb), ("setup", SetupVerb.Verb), ("new", NewVerb.Verb), ("dataset", DataSetVerbs.Verb), ("sample", SampleVerb.Verb),
        ("ingest", IngestVerb.Verb), ("pipeline", PipelineVerbs.Verb), ("train", TrainVerb.Verb), ("models", ModelVerbs.Verb), ("status", StatusVerb.Verb),
        ("approve", ApprovalVerbs.Approve), ("reject", ApprovalVerbs.Reject), ("promote", PromoteVerb.Verb), ("deploy", ReleaseVerbs.Deploy),
        ("rollback", ReleaseVerbs.Rollback), ("invoke", ReleaseVerbs.Invoke), ("logs", LogsVerb.Verb), ("inbox", InboxVerb.Verb), ("git", GitVerbs.Verb),
    ];

    private static async Task<int> Main(string[] args)
    {
        CultureInfo.DefaultThreadCurrentCulture = CultureInfo.InvariantCulture;
        var root = new RootCommand("Slipway: from a commit to a live, watched prediction endpoint on AWS, or on this machine.");
        // a verb that is asked for needs no other; help, and what is misspelt, need them all
        foreach (var (_, make) in Verbs.Any(v => v.Name == args.FirstOrDefault()) ? Verbs.Where(v => v.Name == args[0]) : Verbs)
        {
            root.Subcommands.Add(make());
        }

        Verb.ShowExamples(root);
        try
        {
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(3) };
            // an argument that begins with @ names a file to the verb that takes it, and not a file of arguments
            var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
            return parsed.Action is not ParseErrorAction ? await parsed.InvokeAsync(configuration)
                : Fail(BadUsage(parsed), ExitCode.BadInput);
        }
        catch (Exception e) when (e is BadInputException or DataDirectoryException)
        {
            return Fail(e.Message, ExitCode.BadInput);
        }
        catch (GateRefusedException e)
        {
            return Fail(e.Message, ExitCode.GateRefused);
        }
        catch (AwsException e)
        {
            return Fail($"{e.Message} ({e.Code})", ExitCode.Failed);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Amazon.Runtime.AmazonClientException or WorkflowException)
        {
            return Fail(e.Message, ExitCode.Failed);
        }
        // the official clients of S3 and STS let it through
        catch (HttpRequestException e)
        {
            return Fail($"{Options.Variable("AWS_ENDPOINT_URL") ?? "AWS"} can't be reached: {e.GetBaseException().Message}", ExitCode.Failed);
        }
        // S3's errors: the official client has an exception of its own for them
        catch (Amazon.Runtime.AmazonServiceException e)
        {
            return Fail($"{e.Message} ({e.ErrorCode})", ExitCode.Failed);
        }
        catch (OperationCanceledException)
        {
            return Fail("Stopped.", ExitCode.Failed);
        }
    }

    /// <summary>What is wrong with a command line, in one line.</summary>
    private static string BadUsage(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var verb = command is RootCommand ? "slipway" : "slipway " + string.Join(' ', Path(command).Reverse());
        var known = string.Join(", ", command.Subcommands.Select(c => c.Name));
        var what = parsed.UnmatchedTokens is [var unknown, ..] ? $"{verb} does not know '{unknown}'{(known.Length > 0 ? $"; it has {known}" : "")}."
            : known.Length > 0 ? $"{verb} needs {(command.Subcommands.Count > 1 ? "one of " : "")}{known}."
            : OneLine(ExpectedNumber().Replace(parsed.Errors[0].Message, ": a number is expected"));
        return $"{what} ./{verb} --help says more.";
    }

    // what an option takes comes as a list, one a line
    private static string OneLine(string message) => message.Split('\n', StringSplitOptions.TrimEntries) is [var what, _, ..] lines ? $"{what} {string.Join(", ", lines[1..])}." : message;

    private static IEnumerable<string> Path(Symbol command) =>
        command is RootCommand ? [] : command.Parents.SelectMany(Path).Prepend(command.Name);

    [GeneratedRegex(@" as expected type 'System\.[^']+'")]
    private static partial Regex ExpectedNumber();

    private static int Fail(string message, int status)
    {
        Terminal.Console.Profile.Out.Writer.Flush();
        Console.Error.WriteLine($"slipway: {message}");
        return status;
    }
}

/// <summary>What <c>slipway</c> exits with.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int BadInput = 2;
    public const int GateRefused = 3;
}
