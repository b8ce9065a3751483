using System.CommandLine;
using Slipway.Aws.Client;
using Slipway.Workflow;
using Slipway.Workflow.DataSets;

namespace Slipway.Cli;

/// <summary><c>slipway setup</c>: the resources that ingest, pipeline and deploy work with, where there are no stacks.</summary>
internal static class Setup
{
    public static Command Verb()
    {
        var specification = Options.Specification();
        var bucket = new Option<string?>("--bucket") { Description = "The data bucket's name (default: DATA_BUCKET, else NAME-data-ACCOUNT-REGION)" };
        var verb = new Verb("setup", "Make a data bucket, an execution role and a model package group where they are missing, and print what to export.",
            "setup", "setup --bucket my-bucket", "eval \"$(./slipway setup)\"")
        {
            specification, bucket,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = new AwsSession();
            var data = Options.Load(parsed.GetValue(specification));
            foreach (var (name, value) in await Resources.Ensure(session, data, ProjectNames.FromEnvironment(data), parsed.GetValue(bucket), cancellation))
            {
                Console.WriteLine($"export {name}={value}");
            }

            return ExitCode.Done;
        });
        return verb;
    }
}
