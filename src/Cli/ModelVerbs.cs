using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Workflow;
using Slipway.Workflow.Release;
using Spectre.Console;

namespace Slipway.Cli;

/// <summary><c>slipway models list|show|compare|approve|reject|decide</c>.</summary>
internal static class ModelVerbs
{
    private static readonly Argument<int> Version = new("version") { Description = "The version's number" };

    public static Command Verb()
    {
        var verb = new Verb("models", "See the registered versions and decide on them.", "models list", "models show 3", "models approve 3 --words \"AUC and slices look right\"");
        verb.Subcommands.Add(ListVerb());
        verb.Subcommands.Add(ShowVerb());
        verb.Subcommands.Add(CompareVerb());
        verb.Subcommands.Add(DecideVerb("approve", "Approve a version, so that deploy may take it.", ModelApprovalStatus.Approved));
        verb.Subcommands.Add(DecideVerb("reject", "Reject a version.", ModelApprovalStatus.Rejected));
        verb.Subcommands.Add(RecordVerb());
        return verb;
    }

    private static Command ListVerb()
    {
        var specification = Options.Specification();
        var verb = new Verb("list", "List the versions, the newest first.", "models list") { specification };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var names = ProjectNames.FromEnvironment(Options.Load(parsed.GetValue(specification)));
            var versions = new ModelVersions(session, names.ModelPackageGroup);
            var serving = await new Deployment(session, names, TimeProvider.System).Serving(cancellation);
            var table = new Table().AddColumns("Version", "Status", "AUC", "95% interval", "Registered", "Commit", "Endpoint");
            foreach (var summary in await versions.List(cancellation: cancellation))
            {
                var version = await session.Aws.Send(new DescribeModelPackage(summary.ModelPackageArn), cancellation);
                table.AddRow(Text(version.ModelPackageVersion), Text(version.ModelApprovalStatus), Property(version, "Auc"),
                    $"{Property(version, "AucLow")} to {Property(version, "AucHigh")}", Time(version.CreationTime),
                    Text(version.MetadataProperties?.CommitId), version.ModelPackageVersion == serving ? "serving" : "");
            }

            Terminal.Console.Write(table);
            return ExitCode.Done;
        });
        return verb;
    }

    private static Command ShowVerb()
    {
        var specification = Options.Specification();
        var verb = new Verb("show", "Show everything that is known of a version, as AWS has it.", "models show 3") { Version, specification };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var version = await Find(session, parsed.GetValue(specification), parsed.GetValue(Version), cancellation);
            Console.WriteLine(JsonSerializer.Serialize(version, new JsonSerializerOptions(Aws.Wire.AwsJson.Lenient) { WriteIndented = true }));
            return ExitCode.Done;
        });
        return verb;
    }

    private static Command CompareVerb()
    {
        var specification = Options.Specification();
        var second = new Argument<int>("other") { Description = "The version to compare it with" };
        var verb = new Verb("compare", "Compare two versions by their metrics and origins.", "models compare 3 4") { Version, second, specification };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var left = await Find(session, parsed.GetValue(specification), parsed.GetValue(Version), cancellation);
            var right = await Find(session, parsed.GetValue(specification), parsed.GetValue(second), cancellation);
            var reports = new ModelReports(session);
            var (quality, other) = (await reports.Evaluation(left, cancellation), await reports.Evaluation(right, cancellation));
            var (before, after) = (quality.Metrics, other.Metrics);
            var table = new Table().AddColumns("", $"Version {left.ModelPackageVersion}", $"Version {right.ModelPackageVersion}", "Difference");
            foreach (var name in before.Keys.Union(after.Keys))
            {
                table.AddRow(name, Number(before, name), Number(after, name), Difference(before, after, name));
            }

            foreach (var name in new[] { "DataSha256", "Rows", "AsOf", "Split", "Leakage", "PipelineExecutionArn" })
            {
                table.AddRow(name, Property(left, name), Property(right, name), Property(left, name) == Property(right, name) ? "same" : "differs");
            }

            Terminal.Console.Write(table);
            foreach (var words in ModelComparison.Words(left, quality, right, other))
            {
                Console.WriteLine(words);
            }

            return ExitCode.Done;
        });
        return verb;
    }

    private static Command DecideVerb(string name, string description, ModelApprovalStatus decision)
    {
        var specification = Options.Specification();
        var words = new Option<string?>("--words") { Description = "Why, kept as the version's approval description" };
        var verb = new Verb(name, description, $"models {name} 3", $"models {name} 3 --words \"reviewed with the team\"") { Version, words, specification };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var names = ProjectNames.FromEnvironment(Options.Load(parsed.GetValue(specification)));
            var versions = new ModelVersions(session, names.ModelPackageGroup);
            var version = await versions.Find(parsed.GetValue(Version), null, cancellation);
            await versions.Decide(version.ModelPackageArn, decision, parsed.GetValue(words), cancellation);
            Console.WriteLine($"{version.ModelPackageArn} is {decision}.");
            return ExitCode.Done;
        });
        return verb;
    }

    private static Verb RecordVerb()
    {
        var pipeline = new Option<string>("--pipeline") { Description = "The pipeline", Required = true };
        var execution = new Option<string>("--execution") { Description = "Its execution", Required = true };
        var verb = new Verb("decide", "Make what a person answered in a pipeline the decision on the version that this execution registered.",
            "models decide --pipeline My-mlops-BaseStack-MLOpsPipeline --execution 12345678-1234-1234-1234-123456789012")
        {
            pipeline, execution,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            Console.WriteLine(await new PipelineDecision(session).Record(parsed.GetValue(pipeline)!, parsed.GetValue(execution)!, cancellation));
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<DescribeModelPackage.Response> Find(AwsSession session, string? specification, int version, CancellationToken cancellation)
    {
        var names = ProjectNames.FromEnvironment(Options.Load(specification));
        return await new ModelVersions(session, names.ModelPackageGroup).Find(version, null, cancellation);
    }

    private static string Property(DescribeModelPackage.Response version, string name)
    {
        var text = version.CustomerMetadataProperties?.GetValueOrDefault(name) ?? "";
        return double.TryParse(text, CultureInfo.InvariantCulture, out var number) && text.Contains('.', StringComparison.Ordinal)
            ? number.ToString("F4", CultureInfo.InvariantCulture) : text.EscapeMarkup();
    }

    private static string Number(IReadOnlyDictionary<string, double> metrics, string name) =>
        metrics.TryGetValue(name, out var value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "";

    private static string Difference(IReadOnlyDictionary<string, double> before, IReadOnlyDictionary<string, double> after, string name) =>
        before.TryGetValue(name, out var old) && after.TryGetValue(name, out var now) ? (now - old).ToString("+0.0000;-0.0000;0", CultureInfo.InvariantCulture) : "";

    private static string Time(DateTimeOffset? time) => time?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "";

    private static string Text(object? value) => value?.ToString()?.EscapeMarkup() ?? "";
}
