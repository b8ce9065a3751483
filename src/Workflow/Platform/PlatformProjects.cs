using Slipway.Aws.Client;
using Slipway.Aws.CodeBuild;

namespace Slipway.Workflow.Platform;

/// <summary>The build projects: one for each stage that builds, and one that records what a person rejected.</summary>
internal static class PlatformProjects
{
    /// <summary>The project that an EventBridge rule starts where a person has rejected.</summary>
    public const string Rejection = "Rejection";

    private const string Decide = $"""
        version: 0.2
        phases:
          build:
            commands:
              - slipway models decide --pipeline "${BuildVariableNames.PipelineName}" --execution "${BuildVariableNames.ExecutionId}"
        """;

    /// <summary>Makes the projects, or gives them these settings.</summary>
    /// <param name="session">Where AWS is.</param>
    /// <param name="names">Production or development.</param>
    /// <param name="role">The role that builds run as.</param>
    /// <param name="image">The platform's image.</param>
    /// <param name="variables">What builds find in their environment.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The ARN of the project of <see cref="Rejection"/>.</returns>
    public static async Task<string> Ensure(
        AwsSession session, PlatformNames names, string role, string image, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        var environment = new ProjectEnvironment(
            "LINUX_CONTAINER", image, "BUILD_GENERAL1_SMALL",
            EnvironmentVariables: [.. variables.Select(v => new EnvironmentVariable(v.Key, v.Value, "PLAINTEXT"))], ImagePullCredentialsType: "SERVICE_ROLE");
        await Ensure(session, Staged(names, StageNames.TrainAndRegister, "buildspec.yml", environment, role), cancellation);
        await Ensure(session, Staged(names, names.LastStage, $"buildspec-{names.LastStage.ToLowerInvariant()}.yml", environment, role), cancellation);
        var rejection = new CreateProject(
            names.Of(Rejection), new("NO_SOURCE", Buildspec: Decide), new("NO_ARTIFACTS"), environment, role, $"Records what a person rejected in {names.Pipeline}.");
        return await Ensure(session, rejection, cancellation);
    }

    private static CreateProject Staged(PlatformNames names, string stage, string buildspec, ProjectEnvironment environment, string role) => new(
        names.Of(stage), new("CODEPIPELINE", Buildspec: buildspec), new("CODEPIPELINE"), environment, role, $"The stage {stage} of {names.Pipeline}.");

    private static async Task<string> Ensure(AwsSession session, CreateProject wanted, CancellationToken cancellation)
    {
        var found = await session.Aws.Send(new BatchGetProjects([wanted.Name]), cancellation);
        return found.Projects.Count == 0
            ? (await session.Aws.Send(wanted, cancellation)).Project.Arn
            : (await session.Aws.Send(
                new UpdateProject(wanted.Name, wanted.Source, wanted.Artifacts, wanted.Environment, wanted.ServiceRole, wanted.Description), cancellation)).Project.Arn;
    }
}
