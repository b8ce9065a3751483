using System.CommandLine;
using System.Text;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.SageMakerRuntime;
using Slipway.Aws.Wire;
using Slipway.Workflow;
using Slipway.Workflow.Release;

namespace Slipway.Cli;

/// <summary><c>slipway deploy</c>, <c>slipway rollback</c> and <c>slipway invoke</c>.</summary>
internal static class ReleaseVerbs
{
    public static Command Deploy()
    {
        var specification = Options.Specification();
        var version = new Option<int?>("--version") { Description = "An approved version (default: the newest one)" };
        var verb = new Verb("deploy", "Bring the newest approved version to the endpoint, which is created or updated; the old version answers until the new one is healthy.",
            "deploy", "deploy --version 3")
        {
            version, specification,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var names = ProjectNames.FromEnvironment(Options.Load(parsed.GetValue(specification)));
            var found = await new ModelVersions(session, names.ModelPackageGroup).Find(parsed.GetValue(version), ModelApprovalStatus.Approved, cancellation);
            Report(names, await new Deployment(session, names, TimeProvider.System).Deploy(found, Progress, cancellation));
            return ExitCode.Done;
        });
        return verb;
    }

    public static Command Rollback()
    {
        var specification = Options.Specification();
        var verb = new Verb("rollback", "Go back to the version that the endpoint served before.", "rollback") { specification };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var names = ProjectNames.FromEnvironment(Options.Load(parsed.GetValue(specification)));
            Report(names, await new Deployment(session, names, TimeProvider.System).Rollback(Progress, cancellation));
            return ExitCode.Done;
        });
        return verb;
    }

    public static Command Invoke()
    {
        var specification = Options.Specification();
        var body = new Argument<string>("body") { Description = "The request's body; @FILE reads a file, - standard input" };
        var type = new Option<string?>("--content-type") { Description = "text/csv, application/json or application/jsonlines (default: told by the body)" };
        var accept = new Option<string?>("--accept") { Description = "The form of the answer (default: that of the request)" };
        var verb = new Verb("invoke", "Ask the endpoint for predictions.",
            "invoke 25,1,0,1,0,0,1,1", "invoke '{\"age\": 25, \"gender\": \"Female\"}'", "invoke @rows.csv --accept application/jsonlines")
        {
            body, type, accept, specification,
        };
        verb.SetAction(async (parsed, cancellation) =>
        {
            using var session = AwsEnvironment.Session();
            var names = ProjectNames.FromEnvironment(Options.Load(parsed.GetValue(specification)));
            var bytes = await Body(parsed.GetValue(body)!, cancellation);
            var request = new InvokeEndpoint(names.Endpoint, bytes, ContentType: parsed.GetValue(type) ?? TypeOf(bytes), Accept: parsed.GetValue(accept));
            Console.WriteLine(Encoding.UTF8.GetString((await Ask(session, request, cancellation)).Body).TrimEnd());
            return ExitCode.Done;
        });
        return verb;
    }

    private static async Task<InvokeEndpoint.Response> Ask(AwsSession session, InvokeEndpoint request, CancellationToken cancellation)
    {
        try
        {
            return await session.Aws.Send(request, cancellation);
        }
        // SageMaker's own words for a status of 400 to 499 from the model: it is the body that was wrong
        catch (AwsException e) when (e.Code == "ModelError" && e.Message.StartsWith("Received client error", StringComparison.Ordinal))
        {
            throw new BadInputException(e.Message, e);
        }
    }

    private static async Task<byte[]> Body(string given, CancellationToken cancellation)
    {
        if (given == "-")
        {
            using var copy = new MemoryStream();
            await using var input = Console.OpenStandardInput();
            await input.CopyToAsync(copy, cancellation);
            return copy.ToArray();
        }

        return given.StartsWith('@') ? await File.ReadAllBytesAsync(Options.Existing("The body's file", given[1..]), cancellation) : Encoding.UTF8.GetBytes(given);
    }

    private static string TypeOf(byte[] body)
    {
        var text = Encoding.UTF8.GetString(body).Trim();
        var isJson = text.StartsWith('{') || text.StartsWith('[');
        var lines = text.Split('\n');
        return !isJson ? "text/csv" : lines.Length > 1 && lines.All(l => l.TrimEnd().EndsWith('}')) ? "application/jsonlines" : "application/json";
    }

    private static void Progress(string status) => Console.WriteLine($"  {status}");

    private static void Report(ProjectNames names, DeploymentResult result) => Console.WriteLine(
        !result.Changed ? $"{names.Endpoint} serves version {result.Version} already."
        : $"{names.Endpoint} {(result.Created ? "was created with" : "now serves")} version {result.Version}.");
}
