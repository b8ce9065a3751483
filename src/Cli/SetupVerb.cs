using System.CommandLine;
using Slipway.Aws.Client;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Platform;

namespace Slipway.Cli;

/// <summary><c>slipway setup</c>: the resources that ingest, pipeline and deploy work with, where there are no stacks.</summary>
internal static class SetupVerb
{
    public static Command Verb()
    {
        var specification = Options.Specification();
        var bucket = new Option<string?>("--bucket") { Description = "The data bucket's name (default: DATA_BUCKET, else NAME-data-ACCOUNT-REGION)" };
        var full = new Option<bool>("--full") { Description = "Also the repositories, build projects, pipelines, rules and topics of development and production" };
        var development = new Option<bool>("--dev") { Description = "With --full: print development's exports, and not production's" };
        var mail = new Option<string?>("--mail") { Description = "With --full: the mail address that is told of approvals and promotions" };
        var verb = new Verb("setup", "Make a data bucket, an execution role and a model package group where they are missing, and print what to export.",
            "setup", "setup --bucket my-bucket", "$ eval \"$(./slipway setup)\"", "$ eval \"$(./slipway setup --full)\"")
        {
            specification, bucket, full, development, mail,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            if (!parsed.GetValue(full) && (parsed.GetValue(development) || parsed.GetValue(mail) is not null))
            {
                throw new BadInputException("--dev and --mail go with --full, which makes development and production.");
            }

            if (parsed.GetValue(full) && parsed.GetValue(bucket) is not null)
            {
                throw new BadInputException("--bucket does not go with --full: development and production have a bucket each.");
            }

            using var session = AwsEnvironment.Session();
            var data = Options.Load(parsed.GetValue(specification));
            if (parsed.GetValue(full))
            {
                await All(session, data, parsed.GetValue(development) ? PlatformNames.Development : PlatformNames.Production, parsed.GetValue(mail), cancellation);
                return ExitCode.Done;
            }

            foreach (var (name, value) in await Resources.Ensure(session, data, ProjectNames.FromEnvironment(data), parsed.GetValue(bucket), cancellation))
            {
                Console.WriteLine($"export {name}={value}");
            }

            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task All(AwsSession session, DataSetSpecification data, PlatformNames printed, string? mail, CancellationToken cancellation)
    {
        // production first: a promotion needs its repository
        foreach (var names in PlatformNames.All.Reverse())
        {
            var variables = await PlatformResources.Ensure(session, names, data, mail, cancellation);
            if (names == printed)
            {
                Console.WriteLine(string.Join('\n', variables.Select(v => $"export {v.Key}={v.Value}")));
            }
        }
    }
}
