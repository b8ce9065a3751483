using System.CommandLine;
using Slipway.Aws.Client;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;

namespace Slipway.Cli;

/// <summary><c>slipway promote</c>: development's last stage.</summary>
internal static class PromoteVerb
{
    public static Command Verb()
    {
        var pipeline = new Option<string>("--pipeline") { Description = "Development's pipeline", DefaultValueFactory = _ => PlatformNames.Development.Pipeline };
        var execution = new Option<string>("--execution") { Description = "The execution that was approved", Required = true };
        var to = new Option<string?>("--to") { Description = $"Production's repository (default: {BuildVariableNames.PromotionRepository}, else {PlatformNames.Production.Repository})" };
        var verb = new Verb("promote", "Copy what was approved to production's repository, by codecommit::, where a push starts production's pipeline. Commits only where something differs.",
            "promote --execution 12345678-1234-1234-1234-123456789012")
        {
            pipeline, execution, to,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var repository = parsed.GetValue(to) ?? Options.Variable(BuildVariableNames.PromotionRepository) ?? PlatformNames.Production.Repository;
            var record = await PipelineRecord.Read(session, parsed.GetValue(pipeline)!, parsed.GetValue(execution)!, cancellation);
            using var helper = new RemoteHelperFolder();
            var environment = new Dictionary<string, string> { ["PATH"] = helper.SearchPath, ["AWS_REGION"] = session.Region };
            var result = await new Promotion(session, environment).Run(record, repository, Options.Variable(BuildVariableNames.NotificationTopicArn), cancellation);
            Console.WriteLine(result.Pushed
                ? $"{repository} is at {result.Commit} now:\n\n{result.Message}"
                : $"git status shows no change: {repository} has the content of {record.Commit} already, at {result.Commit}. Nothing was committed.");
            return ExitCode.Done;
        });
        return verb;
    }
}
