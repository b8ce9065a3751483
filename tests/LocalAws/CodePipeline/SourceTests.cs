using Microsoft.Extensions.Time.Testing;
using Slipway.Aws.CodeCommit;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Kms;
using Slipway.Aws.Wire;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.CodeCommit;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>What starts executions, and what their sources take.</summary>
public sealed class SourceTests : PipelineTestBase
{
    /// <summary>A rule as the CDK's CodeCommit source makes it.</summary>
    internal static async Task RuleLikeCdk(LocalAwsFixture aws, string pipeline, string repositoryArn, string branch = "main")
    {
        var pattern = $$"""
            {"source":["aws.codecommit"],"resources":["{{repositoryArn}}"],"detail-type":["CodeCommit Repository State Change"],"detail":{"event":["referenceCreated","referenceUpdated"],"referenceName":["{{branch}}"] } }
            """;
        await aws.Aws.Send(new PutRule($"{pipeline}-{branch}", EventPattern: pattern));
        await aws.Aws.Send(new PutTargets($"{pipeline}-{branch}", [new("Target0", $"arn:aws:codepipeline:us-east-1:000000000000:{pipeline}", RoleArn: Role)]));
    }

    private Task<IReadOnlyList<PipelineExecutionSummary>> Executions(string pipeline, int count) => Lab.Once(
        async () => (await Fixture.Aws.Send(new ListPipelineExecutions(pipeline))).PipelineExecutionSummaries,
        all => all.Count == count && all.All(e => e.Status != PipelineExecutionStatus.InProgress), $"{count} executions are over");

    private async Task Create(string name) =>
        await Lab.Ended(name, await Lab.Create(Pipeline(name, new("Source", [FromCodeCommit(name)]), new("Deploy", [Deploy(under: name)]))));

    [Fact]
    public async Task A_push_starts_the_pipeline_through_a_rule_like_CDK_s()
    {
        var made = (await Fixture.Aws.Send(new CreateRepository("pushed"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        await Create("pushed");
        await RuleLikeCdk(Fixture, "pushed", made.Arn);
        var second = await ann.Commit("a.txt", "2");
        await ann.Git("push", "--quiet", "origin", "main", "main:other");
        var newest = (await Executions("pushed", 2))[0];
        Assert.Equal(("CloudWatchEvent", "arn:aws:events:us-east-1:000000000000:rule/pushed-main"), (newest.Trigger.TriggerType, newest.Trigger.TriggerDetail));
        Assert.Equal(second, newest.SourceRevisions[0].RevisionId);
        Assert.Equal("2", await Lab.Read("pushed/a.txt"));
    }

    [Fact]
    public async Task A_forced_push_is_taken_as_it_is_and_a_deleted_branch_fails_the_source_by_name()
    {
        var made = (await Fixture.Aws.Send(new CreateRepository("forced"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        await ann.Commit("a.txt", "1");
        await ann.Commit("a.txt", "2");
        await ann.Git("push", "--quiet", "origin", "main", "main:kept");
        await Lab.Ended("forced", await Lab.Create(Pipeline("forced", new("Source", [FromCodeCommit("forced", "kept")]), new("Deploy", [Deploy(under: "forced")]))));
        await RuleLikeCdk(Fixture, "forced", made.Arn, "kept");
        await ann.Git("reset", "--quiet", "--hard", "HEAD~1");
        await ann.Git("push", "--quiet", "--force", "origin", "main:kept");
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Executions("forced", 2))[0].Status);
        Assert.Equal("1", await Lab.Read("forced/a.txt"));

        await ann.Git("push", "--quiet", "origin", ":kept");
        var failed = await Lab.Ended("forced", await Lab.Start("forced"));
        Assert.Equal(PipelineExecutionStatus.Failed, failed.Status);
        var error = (await Lab.Runs("forced", failed.PipelineExecutionId))[0].Output!.ExecutionResult!.ErrorDetails!;
        Assert.Contains("because no branch named kept was found in the selected AWS CodeCommit repository forced", error.Message, StringComparison.Ordinal);
        Assert.Empty(failed.ArtifactRevisions);
    }

    [Fact]
    public async Task A_target_s_template_gives_the_revision_of_its_event()
    {
        var first = await Lab.Commit("chosen", "a.txt", "1");
        await Create("chosen");
        await Fixture.Aws.Send(new PutRule("chosen", EventPattern: """{"source":["test"]}"""));
        var template = """{"sourceRevisions":[{"actionName":"Source","revisionType":"COMMIT_ID","revisionValue":<commit>}]}""";
        await Fixture.Aws.Send(new PutTargets("chosen", [new("t", "arn:aws:codepipeline:us-east-1:000000000000:chosen", RoleArn: Role,
            InputTransformer: new(template, new Dictionary<string, string> { ["commit"] = "$.detail.commit" }))]));
        await Lab.Commit("chosen", "a.txt", "2");
        await Fixture.Aws.Send(new PutEvents([new(Source: "test", DetailType: "t", Detail: $$"""{"commit":"{{first}}"}""")]));
        Assert.Equal(first, (await Executions("chosen", 2))[0].SourceRevisions[0].RevisionId);
        Assert.Equal("1", await Lab.Read("chosen/a.txt"));
    }

    [Fact]
    public async Task An_object_s_version_is_taken_and_its_event_starts_the_pipeline()
    {
        var first = await Lab.Zip("zips", "in/source.zip", "a.txt", "1");
        await Lab.Ended("zips", await Lab.Create(Pipeline("zips", new("Source", [FromS3("zips", "in/source.zip")]), new("Deploy", [Deploy(under: "zips")]))));
        await Lab.S3.PutBucketNotificationAsync(new() { BucketName = "zips", EventBridgeConfiguration = new() });
        await Fixture.Aws.Send(new PutRule("zips", EventPattern: """{"source":["aws.s3"],"detail-type":["Object Created"],"detail":{"bucket":{"name":["zips"]},"object":{"key":["in/source.zip"]}}}"""));
        await Fixture.Aws.Send(new PutTargets("zips", [new("t", "arn:aws:codepipeline:us-east-1:000000000000:zips", RoleArn: Role)]));
        var second = await Lab.Zip("zips", "in/source.zip", "a.txt", "2");
        Assert.Equal(second, (await Executions("zips", 2))[0].SourceRevisions[0].RevisionId);
        Assert.Equal("2", await Lab.Read("zips/a.txt"));

        var again = (await Fixture.Aws.Send(new StartPipelineExecution("zips", SourceRevisions: [new("Source", "S3_OBJECT_VERSION_ID", first)]))).PipelineExecutionId;
        Assert.Equal(first, (await Lab.Ended("zips", again)).ArtifactRevisions[0].RevisionId);
        Assert.Equal("1", await Lab.Read("zips/a.txt"));
        var key = await Assert.ThrowsAsync<AwsException>(() => Fixture.Aws.Send(new StartPipelineExecution("zips", SourceRevisions: [new("Source", "S3_OBJECT_KEY", "other")])));
        Assert.Contains("does not allow another key", key.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_source_without_versions_or_without_its_object_fails_and_says_so()
    {
        await Lab.S3.PutBucketAsync("plain");
        var id = await Lab.Create(Pipeline("plain", new("Source", [FromS3("plain", "none.zip")]), new("Deploy", [Deploy()])));
        Assert.Contains("the Amazon S3 bucket plain has no versioning", (await Lab.Ended("plain", id)).StatusSummary, StringComparison.Ordinal);
        await Lab.S3.PutBucketVersioningAsync(new() { BucketName = "plain", VersioningConfig = new() { Status = Amazon.S3.VersionStatus.Enabled } });
        Assert.Contains("the object with key none.zip does not exist", (await Lab.Ended("plain", await Lab.Start("plain"))).StatusSummary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Artifacts_are_encrypted_by_the_store_s_key()
    {
        var key = (await Fixture.Aws.Send(new CreateKey())).KeyMetadata;
        await Lab.Commit("secret", "a.txt", "1");
        var deploy = Deploy(under: "secret");
        deploy = deploy with { Configuration = new Dictionary<string, string>(deploy.Configuration!) { ["KMSEncryptionKeyARN"] = key.Arn!, ["CannedACL"] = "private" } };
        var pipeline = Pipeline("secret", new("Source", [FromCodeCommit("secret")]), new("Deploy", [deploy])) with
        {
            ArtifactStore = new("S3", Artifacts, new(key.Arn!, "KMS")),
        };
        var id = await Lab.Create(pipeline);
        Assert.Equal(PipelineExecutionStatus.Succeeded, (await Lab.Ended("secret", id)).Status);
        var place = (await Lab.Runs("secret", id))[0].Output!.OutputArtifacts[0].S3Location;
        Assert.Equal(key.Arn, (await Lab.S3.GetObjectMetadataAsync(place.Bucket, place.Key)).ServerSideEncryptionKeyManagementServiceKeyId);
        Assert.Equal(key.Arn, (await Lab.S3.GetObjectMetadataAsync(Site, "secret/a.txt")).ServerSideEncryptionKeyManagementServiceKeyId);
        Assert.Equal("1", await Lab.Read("secret/a.txt"));
    }
}

/// <summary>Polled sources, by a clock of the test's own.</summary>
public sealed class PolledSourceTests : PipelineTestBase
{
    private readonly FakeTimeProvider _time;

    public PolledSourceTests() : this(new(new(2026, 11, 23, 10, 0, 0, TimeSpan.Zero)))
    {
    }

    private PolledSourceTests(FakeTimeProvider time) : base(time) => _time = time;

    [Fact]
    public async Task A_polled_branch_starts_the_pipeline_once_for_each_change_after_a_restart_too()
    {
        await Lab.Commit("polled", "a.txt", "1");
        await Lab.Ended("polled", await Lab.Create(Pipeline("polled", new("Source", [FromCodeCommit("polled", polls: true)]), new("Deploy", [Deploy()]))));
        Assert.Single(await Looked(1));
        var second = await Lab.Commit("polled", "a.txt", "2");
        var polled = (await Looked(2))[0];
        Assert.Equal(("PollForSourceChanges", second), (polled.Trigger.TriggerType, (await Lab.Ended("polled", polled.PipelineExecutionId)).ArtifactRevisions[0].RevisionId));
        Assert.Equal(2, (await Looked(2)).Count);
        await Lab.Commit("polled", "a.txt", "3");
        await Fixture.Restart();
        Assert.Equal(3, (await Looked(3)).Count);
    }

    private async Task<IReadOnlyList<PipelineExecutionSummary>> Looked(int count)
    {
        return await Lab.Once(
            async () =>
            {
                // one look may still have been under way, and have seen what was there before
                _time.Advance(TimeSpan.FromSeconds(6));
                return (await Fixture.Aws.Send(new ListPipelineExecutions("polled"))).PipelineExecutionSummaries;
            },
            all => all.Count >= count, $"there are {count}");
    }
}
