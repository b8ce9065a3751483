using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Aws.Client;
using Slipway.Workflow;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;
using Spectre.Console;

namespace Slipway.Cli;

/// <summary><c>slipway status</c>: where each commit stands.</summary>
internal static class StatusVerb
{
    private const int ShortCommit = 8;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Verb()
    {
        var specification = Options.Specification();
        var most = new Option<int>("--last") { Description = "How many executions of each pipeline", DefaultValueFactory = _ => 5 };
        var json = new Option<bool>("--json") { Description = "As JSON, for programs" };
        var verb = new Verb("status", "Show where each commit stands: pipeline, stage, model version, the approval that waits with the command that answers it, endpoint.",
            "status", "status --last 20", "status --json")
        {
            specification, most, json,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(most) is < 1 or > 100)
            {
                throw new BadInputException($"--last {parsed.GetValue(most)}: a number from 1 to 100 is expected.");
            }

            using var session = AwsEnvironment.Session();
            var names = ProjectNames.FromEnvironment(Options.Load(parsed.GetValue(specification)));
            var pipelines = await ReleaseStatus.Pipelines(session, cancellation);
            var status = await ReleaseStatus.Read(session, names, pipelines, parsed.GetValue(most), cancellation);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(status, Json));
            }
            else
            {
                Write(status, pipelines);
            }

            return ExitCode.Done;
        });
        return verb;
    }

    /// <summary>Writes it for a person.</summary>
    public static void Write(ReleaseStatus status, IReadOnlyList<string> pipelines)
    {
        if (pipelines.Count == 0)
        {
            Console.WriteLine($"There is no pipeline {string.Join(" and no ", PlatformNames.All.Select(n => n.Pipeline))}. ./slipway setup --full makes them.");
        }

        foreach (var pipeline in pipelines)
        {
            Console.WriteLine();
            Terminal.Console.MarkupLine($"[bold]{pipeline.EscapeMarkup()}[/]");
            var commits = status.Commits.Where(c => c.Pipeline == pipeline).ToList();
            if (commits.Count == 0)
            {
                Console.WriteLine("  No commit has come yet.");
                continue;
            }

            WriteCommits(commits);
        }

        Console.WriteLine();
        Console.WriteLine(status.Endpoint.Status is null ? $"Endpoint {status.Endpoint.Name}: not there yet"
            : $"Endpoint {status.Endpoint.Name}: {status.Endpoint.Status}{(status.Endpoint.Version is { } version ? $", version {version}" : "")}");
    }

    private static void WriteCommits(IReadOnlyList<CommitStatus> commits)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("Commit", "Message", "Started", "Stage", "Status", "Model");
        foreach (var commit in commits)
        {
            table.AddRow(
                Short(commit).EscapeMarkup(), commit.Message.EscapeMarkup(),
                commit.Started.LocalDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), commit.Stage.EscapeMarkup(),
                Status(commit).EscapeMarkup(), Model(commit).EscapeMarkup());
        }

        Terminal.Console.Write(table);
        foreach (var failed in commits.Where(c => c.Reason is not null))
        {
            Console.WriteLine($"  {Short(failed)}: {failed.Reason}");
        }

        foreach (var waiting in commits.Where(c => c.Approval is not null))
        {
            Console.WriteLine($"  To approve {Short(waiting)} (reject: ./slipway reject --pipeline {waiting.Pipeline} --words WHY):");
            Console.WriteLine($"    {waiting.Approval!.Command}");
            Console.WriteLine($"    {waiting.Approval.AwsCommand}");
        }
    }

    private static string Short(CommitStatus commit) => commit.Commit[..Math.Min(ShortCommit, commit.Commit.Length)];

    private static string Status(CommitStatus commit) =>
        commit.Approval is not null ? "waits for a person" : commit is { Stage: StageNames.Approval, Status: "Failed" } ? "Rejected" : commit.Status;

    private static string Model(CommitStatus commit) => commit.ModelVersion is not { } version ? ""
        : string.Create(CultureInfo.InvariantCulture, $"v{version}, AUC {commit.Auc:F4}, {commit.ModelStatus}{(commit.Trained == false ? ", not trained again" : "")}");
}
