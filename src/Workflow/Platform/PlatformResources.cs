using Slipway.Aws.Client;
using Slipway.Aws.CodeCommit;
using Slipway.Aws.Sns;
using Slipway.Aws.Sts;
using Slipway.Aws.Wire;
using Slipway.Workflow.DataSets;

namespace Slipway.Workflow.Platform;

/// <summary>Everything between a push and an endpoint, made where it is missing; the CDK stacks make it in an account of one's own.</summary>
public static class PlatformResources
{
    private const string RoleName = "slipway-cicd";

    /// <summary>Makes bucket, role, model package group, repository, topic, projects, pipeline and rules of production or of development.</summary>
    /// <param name="session">Where AWS is.</param>
    /// <param name="names">Production or development.</param>
    /// <param name="specification">The data set.</param>
    /// <param name="mail">The mail address that is told of approvals and promotions, or null.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The variables that name what was made, as builds have them.</returns>
    public static async Task<IReadOnlyDictionary<string, string>> Ensure(
        AwsSession session, PlatformNames names, DataSetSpecification specification, string? mail, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(names);
        var account = (await session.Aws.Send(new GetCallerIdentity(), cancellation)).Account;
        var variables = new Dictionary<string, string>(names.Variables(specification, account, session.Region));
        foreach (var (name, value) in await Resources.Ensure(session, specification, ProjectNames.From(specification, variables.GetValueOrDefault), null, cancellation))
        {
            variables[name] = value;
        }

        var topic = await EnsureTopic(session, names, mail, cancellation);
        variables[BuildVariableNames.NotificationTopicArn] = topic;
        variables[BuildVariableNames.PipelineName] = names.Pipeline;
        if (names.PromotesTo is { } production)
        {
            variables[BuildVariableNames.PromotionRepository] = production.Repository;
        }

        var repository = await EnsureRepository(session, names, cancellation);
        var artifacts = $"{names.Stack.ToLowerInvariant()}-artifacts-{account}-{session.Region}";
        await Resources.EnsureBucket(session, artifacts, cancellation);
        var role = await Resources.EnsureRole(
            session, RoleName, "Slipway's pipelines, builds and rules act as this role.", ["codepipeline.amazonaws.com", "codebuild.amazonaws.com", "events.amazonaws.com"], cancellation);
        var image = ProjectNames.From(specification, variables.GetValueOrDefault).ImageIn(session.Region);
        var rejection = await PlatformProjects.Ensure(session, names, role, image, variables, cancellation);
        await PlatformPipeline.Ensure(session, PlatformPipeline.Declare(names, role, artifacts, topic), cancellation);
        await PlatformRules.Ensure(session, names, repository, role, rejection, cancellation);
        return variables;
    }

    private static async Task<string> EnsureTopic(AwsSession session, PlatformNames names, string? mail, CancellationToken cancellation)
    {
        var topic = (await session.Aws.Send(new CreateTopic(names.Topic), cancellation)).TopicArn;
        if (mail is not null)
        {
            await session.Aws.Send(new Subscribe(topic, "email", mail), cancellation);
        }

        return topic;
    }

    private static async Task<string> EnsureRepository(AwsSession session, PlatformNames names, CancellationToken cancellation)
    {
        try
        {
            return (await session.Aws.Send(new GetRepository(names.Repository), cancellation)).RepositoryMetadata.Arn;
        }
        catch (AwsException e) when (e.Code == "RepositoryDoesNotExistException")
        {
            var whose = names.PromotesTo is null ? "Production" : "Development";
            return (await session.Aws.Send(new CreateRepository(names.Repository, $"{whose}: a push to {PlatformNames.Branch} trains, registers and asks for approval."), cancellation))
                .RepositoryMetadata.Arn;
        }
    }
}
