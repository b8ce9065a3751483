using Slipway.Aws.CodeBuild;
using Slipway.Aws.Logs;
using Slipway.LocalAws.CodeBuild;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.CodeBuild;

/// <summary>Makes projects and waits for their builds.</summary>
internal static class Projects
{

    /// <summary>A buildspec whose BUILD phase runs commands.</summary>
    public static string Spec(params IEnumerable<string> commands) =>
        "version: 0.2\nphases:\n  build:\n    commands:\n" + string.Concat(commands.Select(c => $"      - {System.Text.Json.JsonSerializer.Serialize(c)}\n"));

    /// <summary>Makes a project without a source.</summary>
    public static async Task<Project> Create(this LocalAwsFixture aws, string name, string buildspec, string source = "NO_SOURCE", string artifacts = "NO_ARTIFACTS") =>
        (await aws.Aws.Send(new CreateProject(
            name, new(source, Buildspec: buildspec), new(artifacts), new("LINUX_CONTAINER", "aws/codebuild/standard:7.0", "BUILD_GENERAL1_SMALL"), aws.RoleArn))).Project;

    /// <summary>A build as the API shows it.</summary>
    public static async Task<Build> Get(this LocalAwsFixture aws, string id) => (await aws.Aws.Send(new BatchGetBuilds([id]))).Builds.Single();

    /// <summary>A build at its end.</summary>
    public static async Task<Build> End(this LocalAwsFixture aws, string id)
    {
        using var late = Patience.Token();
        await aws.Server.Part<PipelineBuilds>().End(id, late.Token);
        return await aws.Get(id);
    }

    /// <summary>What a build's commands have written so far.</summary>
    public static async Task<IReadOnlyList<string>> Lines(this LocalAwsFixture aws, Build build)
    {
        try
        {
            var events = await aws.Aws.Send(new GetLogEvents(build.Logs.StreamName!, build.Logs.GroupName, StartFromHead: true));
            return [.. events.Events.Select(e => e.Message)];
        }
        catch (Slipway.Aws.Wire.AwsException e) when (e.Code == "ResourceNotFoundException")
        {
            return []; // it has written nothing yet
        }
    }

    /// <summary>Waits until a build's log has a line.</summary>
    public static Task Says(this LocalAwsFixture aws, Build build, string line) => Patience.Until(() => aws.Lines(build), lines => lines.Contains(line));

    /// <summary>How a phase of a build ended.</summary>
    public static BuildPhase Of(this Build build, string phase) => build.Phases.Single(p => p.PhaseType == phase);
}
