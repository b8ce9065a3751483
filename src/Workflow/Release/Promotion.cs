using System.Globalization;
using System.Text;
using Slipway.Aws.Client;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Sns;

namespace Slipway.Workflow.Release;

/// <summary>What a promotion came to.</summary>
/// <param name="Commit">Production's commit that has what was approved.</param>
/// <param name="Pushed">False where production had it already.</param>
/// <param name="Message">The commit's message.</param>
public sealed record PromotionResult(string Commit, bool Pushed, string Message);

/// <summary>
/// Copies what was approved in development to production's repository, through git and codecommit:: addresses. It can be
/// repeated: where production has the content, nothing is committed.
/// </summary>
/// <param name="session">Where AWS is.</param>
/// <param name="environment">What git needs beside the process's own variables, such as a PATH with the remote helper.</param>
public sealed class Promotion(AwsSession session, IReadOnlyDictionary<string, string> environment)
{
    private const string CommitTrailer = "Development-commit: ";
    private const int LongestSubject = 100;

    /// <summary>Promotes the commit of an approved execution.</summary>
    /// <param name="record">The execution of development's pipeline.</param>
    /// <param name="repository">Production's repository.</param>
    /// <param name="topic">The ARN of the topic that is told, or null.</param>
    /// <param name="cancellation">Stops it; before the push nothing is changed.</param>
    /// <exception cref="BadInputException">The execution was not approved, or its version is not Approved.</exception>
    public async Task<PromotionResult> Run(PipelineRecord record, string repository, string? topic, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(record);
        var version = await RequireApproved(record, cancellation);
        var message = await Message(record, version, cancellation);
        var folder = Directory.CreateTempSubdirectory("slipway-promotion-").FullName;
        try
        {
            var result = await Copy(new(folder, environment), record, repository, message, cancellation);
            // a build that was cut short after its push has told nobody: the one after it does
            if (topic is not null && (result.Pushed || result.Message.Contains(CommitTrailer + record.Commit, StringComparison.Ordinal)))
            {
                await Tell(topic, record, repository, result, cancellation);
            }

            return result;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<DescribeModelPackage.Response> RequireApproved(PipelineRecord record, CancellationToken cancellation)
    {
        if (record is not { Commit: not null, Repository: not null, Branch: not null, ModelPackageArn: { } arn } || record.Approval is not { Status: ActionExecutionStatus.Succeeded })
        {
            throw new BadInputException($"The execution {record.Id} of {record.Pipeline} was not approved, so there is nothing to promote.");
        }

        var version = await session.Aws.Send(new DescribeModelPackage(arn), cancellation);
        return version.ModelApprovalStatus == ModelApprovalStatus.Approved ? version
            : throw new BadInputException($"{arn} is {version.ModelApprovalStatus}, and only what was approved is promoted.");
    }

    private async Task<PromotionResult> Copy(Git git, PipelineRecord record, string repository, string message, CancellationToken cancellation)
    {
        const string branch = Platform.PlatformNames.Branch;
        await git.Run(["clone", "--quiet", "--no-checkout", $"codecommit::{session.Region}://{repository}", "."], cancellation);
        var isEmpty = (await git.Run(["branch", "--remotes", "--list", $"origin/{branch}"], cancellation)).Length == 0;
        await git.Run(["checkout", "--quiet", .. isEmpty ? new[] { "--orphan", branch } : ["-B", branch, $"origin/{branch}"]], cancellation);
        await git.Run(["fetch", "--quiet", $"codecommit::{session.Region}://{record.Repository}", $"refs/heads/{record.Branch}"], cancellation);
        // the index and the files become those of the commit that was approved, whatever was pushed after it
        await git.Run(["read-tree", "--reset", "-u", record.Commit!], cancellation);
        if ((await git.Run(["status", "--porcelain"], cancellation)).Length == 0)
        {
            return new(await git.Run(["rev-parse", "HEAD"], cancellation), Pushed: false, await git.Run(["log", "-1", "--format=%B"], cancellation));
        }

        await git.Run(["-c", "user.name=Slipway promotion", "-c", "user.email=promotion@slipway.invalid", "commit", "--quiet", "--message", message], cancellation);
        await git.Run(["push", "--quiet", "origin", $"HEAD:refs/heads/{branch}"], cancellation);
        return new(await git.Run(["rev-parse", "HEAD"], cancellation), Pushed: true, message);
    }

    private async Task<string> Message(PipelineRecord record, DescribeModelPackage.Response version, CancellationToken cancellation)
    {
        var subject = $"Promote {record.Repository}: {record.Message?.Split('\n')[0]}";
        var text = new StringBuilder(Shortened(subject)).Append("\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Model version {version.ModelPackageVersion} of {version.ModelPackageGroupName} was approved{(version.ApprovalDescription is { Length: > 0 } words ? $": {words}" : ".")}\n");
        foreach (var (name, value) in (await new ModelReports(session).Evaluation(version, cancellation)).Metrics.OrderBy(m => m.Key, StringComparer.Ordinal))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {name} {value:F4}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{CommitTrailer}{record.Commit}\nModel-version: {version.ModelPackageArn}\nPipeline-execution: {record.Pipeline} {record.Id}\n");
        return text.ToString();
    }

    private static string Shortened(string subject) => subject.Length <= LongestSubject ? subject : subject[..LongestSubject];

    private async Task Tell(string topic, PipelineRecord record, string repository, PromotionResult result, CancellationToken cancellation)
    {
        var message = $"{record.Repository} {record.Commit} was promoted to {repository} {result.Commit}.\n\n{result.Message}";
        await session.Aws.Send(new Publish(message, topic, Subject: Shortened($"Promoted {record.Repository} to {repository}")), cancellation);
    }
}
