using System.Globalization;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.Workflow.Platform;

namespace Slipway.Workflow.Release;

/// <summary>Where a commit stands in a pipeline.</summary>
/// <param name="Pipeline">The pipeline.</param>
/// <param name="Execution">The execution's id.</param>
/// <param name="Commit">The commit's id.</param>
/// <param name="Message">The first line of its message.</param>
/// <param name="Started">When the execution started.</param>
/// <param name="Status">The execution's status, as CodePipeline has it.</param>
/// <param name="Stage">The stage that it has come to.</param>
/// <param name="Reason">Why it failed, where it has.</param>
/// <param name="ModelVersion">The number of its version, where it has one.</param>
/// <param name="ModelPackageArn">The version's ARN.</param>
/// <param name="ModelStatus">The decision on that version.</param>
/// <param name="Auc">The version's AUC on held-out rows.</param>
/// <param name="Trained">Whether this execution trained; false where it took an earlier result over; null while that is not known.</param>
/// <param name="Approval">What waits for a person, or null.</param>
public sealed record CommitStatus(
    string Pipeline, string Execution, string Commit, string Message, DateTimeOffset Started, string Status, string Stage, string? Reason,
    int? ModelVersion, string? ModelPackageArn, string? ModelStatus, double? Auc, bool? Trained, ApprovalCommands? Approval);

/// <summary>An approval that waits, and the commands that answer it.</summary>
/// <param name="Token">What answers it, once.</param>
/// <param name="AwsCommand">The <c>aws</c> command.</param>
/// <param name="Command">Slipway's command.</param>
public sealed record ApprovalCommands(string Token, string AwsCommand, string Command);

/// <summary>What answers requests.</summary>
/// <param name="Name">The endpoint's name.</param>
/// <param name="Status">Its status; null where there is no such endpoint.</param>
/// <param name="Version">The version that it serves, where Slipway deployed it.</param>
public sealed record EndpointSummary(string Name, string? Status, int? Version);

/// <summary>Where everything stands.</summary>
/// <param name="Commits">The latest commits of each pipeline, the newest first.</param>
/// <param name="Endpoint">The endpoint.</param>
public sealed record ReleaseStatus(IReadOnlyList<CommitStatus> Commits, EndpointSummary Endpoint)
{
    /// <summary>The platform's pipelines that are there, development's first.</summary>
    public static async Task<IReadOnlyList<string>> Pipelines(AwsSession session, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        var there = new HashSet<string>();
        string? token = null;
        do
        {
            var page = await session.Aws.Send(new Aws.CodePipeline.ListPipelines(token), cancellation);
            there.UnionWith(page.Pipelines.Select(p => p.Name));
            token = page.NextToken;
        }
        while (token is not null);
        return [.. PlatformNames.All.Select(n => n.Pipeline).Where(there.Contains)];
    }

    /// <summary>Asks AWS for all of it.</summary>
    /// <param name="session">Where AWS is.</param>
    /// <param name="names">The data set's names, for the endpoint.</param>
    /// <param name="pipelines">The pipelines.</param>
    /// <param name="most">How many executions of each pipeline.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<ReleaseStatus> Read(
        AwsSession session, ProjectNames names, IReadOnlyList<string> pipelines, int most, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(pipelines);
        var commits = new List<CommitStatus>();
        foreach (var pipeline in pipelines)
        {
            var waiting = await WaitingApproval.Find(session, pipeline, cancellation);
            var executions = await session.Aws.Send(new Aws.CodePipeline.ListPipelineExecutions(pipeline, most), cancellation);
            foreach (var execution in executions.PipelineExecutionSummaries)
            {
                // a pipeline starts once when it is made, before its repository has a commit
                if (await Commit(session, pipeline, execution, waiting, cancellation) is { } commit)
                {
                    commits.Add(commit);
                }
            }
        }

        var endpoint = await new EndpointState(session, names, TimeProvider.System).Find(cancellation);
        var version = new Deployment(session, names, TimeProvider.System).VersionOf(endpoint?.EndpointConfigName);
        return new(commits, new(names.Endpoint, endpoint?.EndpointStatus.ToString(), version));
    }

    private static async Task<CommitStatus?> Commit(
        AwsSession session, string pipeline, Aws.CodePipeline.PipelineExecutionSummary execution, IReadOnlyList<WaitingApproval> waiting, CancellationToken cancellation)
    {
        var record = await PipelineRecord.Read(session, pipeline, execution.PipelineExecutionId, cancellation);
        if (record is not { Commit: { } commit, Actions: [.., var last] })
        {
            return null;
        }

        var version = record.ModelPackageArn is { } arn ? await Version(session, arn, cancellation) : null;
        var approval = waiting.FirstOrDefault(w => w.Execution == execution.PipelineExecutionId);
        return new(
            pipeline, execution.PipelineExecutionId, commit, record.Message?.Split('\n')[0] ?? "", execution.StartTime, execution.Status.ToString(), last.StageName,
            execution.Status == Aws.CodePipeline.PipelineExecutionStatus.Failed ? await record.Failure(session, cancellation) : null,
            version?.ModelPackageVersion, record.ModelPackageArn, version?.ModelApprovalStatus?.ToString(), Auc(version), record.ModelPackageArn is null ? null : record.IsNew,
            approval is null ? null : new(approval.Token, approval.AwsCommand, approval.Command));
    }

    private static async Task<DescribeModelPackage.Response?> Version(AwsSession session, string arn, CancellationToken cancellation)
    {
        try
        {
            return await session.Aws.Send(new DescribeModelPackage(arn), cancellation);
        }
        catch (AwsException e) when (e.Code == "ValidationException")
        {
            // a person has deleted the version
            return null;
        }
    }

    private static double? Auc(DescribeModelPackage.Response? version) =>
        double.TryParse(version?.CustomerMetadataProperties?.GetValueOrDefault("Auc"), CultureInfo.InvariantCulture, out var auc) ? auc : null;
}
