using Slipway.Aws.CodeCommit;
using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodePipeline.Structure;
using Slipway.Tests.LocalAws.CodeCommit;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Triggers by branches, paths and tags.</summary>
public sealed class TriggerTests : PipelineTestBase
{
    [Theory]
    [InlineData("main", "main", true)]
    [InlineData("main", "mainly", false)]
    [InlineData("feature/*", "feature/a", true)]
    [InlineData("feature/*", "feature/a/b", false)]
    [InlineData("feature/**", "feature/a/b", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("**/*.py", "a.py", true)]
    [InlineData("**/*.py", "a/b.py", true)]
    [InlineData("src/**/*.cs", "src/a.cs", true)]
    [InlineData("src/**/*.cs", "other/a.cs", false)]
    [InlineData("v?.{0,1}", "v1.0", true)]
    [InlineData("v?.{0,1}", "v1.2", false)]
    [InlineData("a.b", "axb", false)]
    public void A_name_meets_a_pattern_or_does_not(string pattern, string name, bool meets) => Assert.Equal(meets, GlobPattern.Filter([pattern], null)(name));

    [Fact]
    public async Task A_push_starts_what_its_branch_and_its_paths_meet()
    {
        var made = (await Fixture.Aws.Send(new CreateRepository("triggers"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        await ann.Commit("README.md", "0");
        await ann.Git("push", "--quiet", "origin", "main");
        var source = FromCodeCommit("triggers", polls: true);
        await Create("paths", new GitPushFilter(Branches: new(["main", "release/**"], ["release/old"]), FilePaths: new(["**/*.py"], ["tests/**"])));
        await Create("tags", new GitPushFilter(new(["v*"])));
        await Create("branch");

        await ann.Commit("README.md", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        await Executions("branch", 2);
        var code = await ann.Commit("train.py", "1");
        await ann.Git("tag", "v1");
        await ann.Git("push", "--quiet", "origin", "main", "v1");
        Assert.Equal(code, (await Executions("paths", 2))[0].SourceRevisions[0].RevisionId);
        Assert.Equal((code, "WebhookV2"), ((await Executions("tags", 2))[0].SourceRevisions[0].RevisionId, (await Executions("tags", 2))[0].Trigger.TriggerType));

        await ann.Git("push", "--quiet", "origin", "main:release/old", "main:topic");
        await ann.Git("push", "--quiet", "origin", "main:release/1/x");
        var release = (await Executions("paths", 3))[0];
        Assert.Equal("release/1/x", (await Lab.Runs("paths", release.PipelineExecutionId))[0].Output!.OutputVariables["BranchName"]);
        Assert.Equal(2, (await Executions("tags", 2)).Count);
        Assert.Equal(3, (await Executions("branch", 3)).Count);

        async Task Create(string name, params GitPushFilter[] push) => await Lab.Ended(name, await Lab.Create(
            Pipeline(name, new("Source", [source]), new("Deploy", [Deploy(under: name)])) with { Triggers = [new("CodeStarSourceConnection", new("Source", push.Length == 0 ? null : push))] }));
    }

    private Task<IReadOnlyList<PipelineExecutionSummary>> Executions(string pipeline, int count) => Lab.Once(
        async () => (await Fixture.Aws.Send(new ListPipelineExecutions(pipeline))).PipelineExecutionSummaries,
        all => all.Count == count && all.All(e => e.Status == PipelineExecutionStatus.Succeeded), $"{pipeline} has {count} executions");
}
