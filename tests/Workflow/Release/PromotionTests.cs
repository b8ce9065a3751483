using Slipway.Aws.Client;
using Slipway.Aws.CodeCommit;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.SageMaker;
using Slipway.Cli;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.CodeCommit;
using Slipway.Workflow;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;
using File = System.IO.File;

namespace Slipway.Tests.Workflow.Release;

/// <summary>The promotion's git, against repositories that signatures are checked for.</summary>
public sealed class PromotionTests : IAsyncLifetime
{
    private const string Words = "Looks right";
    private readonly LocalAwsFixture _aws = new() { RequireAuth = true };
    private readonly string _helper = Directory.CreateTempSubdirectory("slipway-helper-").FullName;
    private AwsSession _session = null!;
    private WorkingCopy _ann = null!;
    private string _version = "";

    private Dictionary<string, string> GitEnvironment => new(_aws.Environment) { ["PATH"] = RemoteHelperScript.PathWith(_helper) };

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _session = new(_aws.Server.Endpoint, _aws.Credentials, "us-east-1");
        await _aws.Aws.Send(new CreateRepository(PlatformNames.Development.Repository));
        await _aws.Aws.Send(new CreateRepository(PlatformNames.Production.Repository));
        _ann = await WorkingCopy.Of($"codecommit::us-east-1://{PlatformNames.Development.Repository}", GitEnvironment);
        await _aws.Aws.Send(new CreateModelPackageGroup("models"));
        await _session.S3.PutBucketAsync("data");
        await _session.S3.PutObjectAsync(new() { BucketName = "data", Key = "model.tar.gz", ContentBody = "a model" });
        var inference = new InferenceSpecification([new(Image: "000000000000.dkr.ecr.us-east-1.amazonaws.com/slipway:1", ModelDataUrl: "s3://data/model.tar.gz")], ["text/csv"], ["text/csv"]);
        _version = (await _aws.Aws.Send(new CreateModelPackage(ModelPackageGroupName: "models", InferenceSpecification: inference, ModelApprovalStatus: ModelApprovalStatus.PendingManualApproval))).ModelPackageArn;
    }

    public async ValueTask DisposeAsync()
    {
        _ann.Dispose();
        _session.Dispose();
        await _aws.DisposeAsync();
        Directory.Delete(_helper, recursive: true);
    }

    [Fact]
    public async Task What_was_approved_becomes_productions_content_with_its_origin_in_the_message()
    {
        await Approve();
        await File.WriteAllTextAsync(Path.Combine(_ann.Folder, "run.sh"), "#!/bin/sh\n");
        await Command.Run("chmod", ["+x", "run.sh"], GitEnvironment, _ann.Folder);
        var commit = await Push("README.md", "one");
        var first = await Promote(commit);
        Assert.True(first.Pushed);
        using var production = await Production();
        Assert.Equal(first.Commit, await production.Git("rev-parse", "HEAD"));
        Assert.Equal(await _ann.Git("rev-parse", "HEAD^{tree}"), await production.Git("rev-parse", "HEAD^{tree}"));
        var message = await production.Git("log", "-1", "--format=%B");
        Assert.Contains(commit, message, StringComparison.Ordinal);
        Assert.Contains(_version, message, StringComparison.Ordinal);
        Assert.Contains(Words, message, StringComparison.Ordinal);
        Assert.StartsWith($"Promote {PlatformNames.Development.Repository}: Change README.md", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_git_status_shows_no_change_nothing_is_committed()
    {
        await Approve();
        var commit = await Push("README.md", "one");
        var first = await Promote(commit);
        var again = await Promote(commit);
        Assert.Equal((first.Commit, false), (again.Commit, again.Pushed));
        using var production = await Production();
        Assert.Equal("1", await production.Git("rev-list", "--count", "HEAD"));
    }

    [Fact]
    public async Task Files_that_development_no_longer_has_go_and_later_pushes_stay_behind()
    {
        await Approve();
        await _ann.Commit("old.txt", "one");
        await Promote(await Push("README.md", "one"));
        File.Delete(Path.Combine(_ann.Folder, "old.txt"));
        var approved = await Push("README.md", "two");
        await Push("README.md", "three, which nobody has approved");
        Assert.True((await Promote(approved)).Pushed);
        using var production = await Production();
        Assert.Equal(["README.md"], Directory.GetFiles(production.Folder).Select(Path.GetFileName));
        Assert.Equal("two", await File.ReadAllTextAsync(Path.Combine(production.Folder, "README.md")));
        Assert.Equal("2", await production.Git("rev-list", "--count", "HEAD"));
    }

    [Theory]
    [InlineData(ActionExecutionStatus.InProgress, ModelApprovalStatus.Approved, "was not approved")]
    [InlineData(ActionExecutionStatus.Failed, ModelApprovalStatus.Approved, "was not approved")]
    [InlineData(ActionExecutionStatus.Succeeded, ModelApprovalStatus.Rejected, "is Rejected")]
    [InlineData(ActionExecutionStatus.Succeeded, ModelApprovalStatus.PendingManualApproval, "is PendingManualApproval")]
    public async Task What_nobody_has_approved_is_refused(ActionExecutionStatus answer, ModelApprovalStatus decision, string why)
    {
        await _aws.Aws.Send(new UpdateModelPackage(_version, decision));
        var commit = await _ann.Commit("README.md", "one");
        var error = await Assert.ThrowsAsync<BadInputException>(() => Promote(commit, answer));
        Assert.Contains(why, error.Message, StringComparison.Ordinal);
        Assert.Empty((await _aws.Aws.Send(new ListBranches(PlatformNames.Production.Repository))).Branches);
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_named_in_gits_own_words()
    {
        await Approve();
        var commit = await Push("README.md", "one");
        var error = await Assert.ThrowsAsync<WorkflowException>(() => new Promotion(_session, GitEnvironment).Run(Record(commit, ActionExecutionStatus.Succeeded), "no-such-repo", null, CancellationToken.None));
        Assert.Contains("no-such-repo", error.Message, StringComparison.Ordinal);
    }

    private async Task Approve() => await _aws.Aws.Send(new UpdateModelPackage(_version, ModelApprovalStatus.Approved, ApprovalDescription: Words));

    private async Task<string> Push(string file, string content)
    {
        var commit = await _ann.Commit(file, content);
        await _ann.Git("push", "--quiet", "origin", "main");
        return commit;
    }

    private Task<PromotionResult> Promote(string commit, ActionExecutionStatus answer = ActionExecutionStatus.Succeeded) =>
        new Promotion(_session, GitEnvironment).Run(Record(commit, answer), PlatformNames.Production.Repository, null, CancellationToken.None);

    private async Task<WorkingCopy> Production()
    {
        var copy = new WorkingCopy(GitEnvironment);
        await copy.Git("clone", "--quiet", $"codecommit::us-east-1://{PlatformNames.Production.Repository}", ".");
        return copy;
    }

    /// <summary>What CodePipeline tells of an execution of development's pipeline.</summary>
    private PipelineRecord Record(string commit, ActionExecutionStatus answer) => new(PlatformNames.Development.Pipeline, Guid.NewGuid().ToString(),
    [
        Run(StageNames.Source, ActionCategory.Source, ActionExecutionStatus.Succeeded, new()
        {
            ["CommitId"] = commit, ["RepositoryName"] = PlatformNames.Development.Repository, ["BranchName"] = "main", ["CommitMessage"] = "Change README.md\n",
        }),
        Run(StageNames.TrainAndRegister, ActionCategory.Build, ActionExecutionStatus.Succeeded, new() { [BuildVariableNames.ModelPackageArn] = _version, [BuildVariableNames.ModelIsNew] = "true" }),
        Run(StageNames.Approval, ActionCategory.Approval, answer, []),
    ]);

    private static ActionExecutionDetail Run(string stage, ActionCategory category, ActionExecutionStatus status, Dictionary<string, string> variables) => new(
        "execution", Guid.NewGuid().ToString(), 1, stage, stage, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, null, status,
        new(new(category, "AWS", "CodeBuild", "1"), new Dictionary<string, string>(), new Dictionary<string, string>(), null, "us-east-1", [], null),
        new([], null, variables));
}
