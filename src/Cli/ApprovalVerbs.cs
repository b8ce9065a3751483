using System.CommandLine;
using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Workflow;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;

namespace Slipway.Cli;

/// <summary><c>slipway approve</c> and <c>slipway reject</c>: the answer to a pipeline's approval.</summary>
internal static class ApprovalVerbs
{
    public static Command Approve() => Answer(
        "approve", ApprovalStatus.Approved, "Approve what a pipeline waits with: its version becomes Approved, and the pipeline goes on.", "Approved for deployment");

    public static Command Reject() => Answer(
        "reject", ApprovalStatus.Rejected, "Reject what a pipeline waits with: its version becomes Rejected, with your words as its approval description.", "Rejected");

    private static Verb Answer(string name, ApprovalStatus status, string description, string defaultWords)
    {
        var pipeline = new Option<string?>("--pipeline") { Description = "The pipeline (default: the one whose approval waits)" };
        var execution = new Option<string?>("--execution") { Description = "The execution that is meant: nothing is answered where another one waits" };
        var words = new Option<string>("--words") { Description = "Why, kept as the version's approval description", DefaultValueFactory = _ => defaultWords };
        var verb = new Verb(name, description, name, $"{name} --pipeline My-mlops-BaseStack-MLOpsPipeline --words \"reviewed with the team\"") { pipeline, execution, words };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var waiting = await Find(session, parsed.GetValue(pipeline), parsed.GetValue(execution), cancellation);
            var at = await waiting.Answer(session, status, parsed.GetValue(words)!, cancellation);
            Console.WriteLine($"{waiting.Pipeline}, execution {waiting.Execution}: {status} at {at}.");
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<WaitingApproval> Find(AwsSession session, string? pipeline, string? execution, CancellationToken cancellation)
    {
        var names = pipeline is not null ? [pipeline] : await ReleaseStatus.Pipelines(session, cancellation);
        var found = new List<WaitingApproval>();
        foreach (var name in names)
        {
            found.AddRange((await WaitingApproval.Find(session, name, cancellation)).Where(w => execution is null || w.Execution == execution));
        }

        return found switch
        {
            [var one] => one,
            [] => throw new BadInputException($"No approval waits in {(names.Count > 0 ? string.Join(" or ", names) : $"a pipeline such as {PlatformNames.Production.Pipeline}")}{(execution is null ? "" : $" for the execution {execution}")}. ./slipway status shows what does."),
            _ => throw new BadInputException($"Several approvals wait: {string.Join(", ", found.Select(w => w.Pipeline))}. Name one with --pipeline."),
        };
    }
}
