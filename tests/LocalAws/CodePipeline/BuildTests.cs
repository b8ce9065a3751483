using Slipway.Aws.CodeBuild;
using Slipway.Aws.CodePipeline;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Builds as actions of a pipeline.</summary>
public sealed class BuildTests : PipelineTestBase
{
    private Task Project(string name, string buildspec) => Fixture.Aws.Send(new CreateProject(
        name, new("CODEPIPELINE", Buildspec: buildspec), new("CODEPIPELINE"), new("LINUX_CONTAINER", "aws/codebuild/standard:7.0", "BUILD_GENERAL1_SMALL"), Fixture.RoleArn));

    private static ActionDeclaration Build(string project, IReadOnlyDictionary<string, string>? more = null, ActionCategory category = ActionCategory.Build) => new(
        "Build", new(category, "AWS", "CodeBuild", "1"), InputArtifacts: [new("SourceArtifact")], OutputArtifacts: [new("Built")], Namespace: "BuildVariables",
        Configuration: new Dictionary<string, string>(more ?? new Dictionary<string, string>()) { ["ProjectName"] = project });

    [Fact]
    public async Task A_build_takes_the_source_gives_an_artifact_and_exports_its_variables()
    {
        await Project("train", """
            version: 0.2
            env:
              exported-variables: [VERSION]
            phases:
              build:
                commands:
                  - export VERSION=$(cat version.txt)
                  - printf "$MESSAGE $CODEBUILD_RESOLVED_SOURCE_VERSION $CODEBUILD_INITIATOR" > made.txt
            artifacts:
              files: [made.txt]
            """);
        var commit = await Lab.Commit("train", "version.txt", "7");
        var id = await Lab.Create(Pipeline("train",
            new("Source", [FromCodeCommit("train")]),
            new("Build", [Build("train", new Dictionary<string, string> { ["EnvironmentVariables"] = """[{"name":"MESSAGE","value":"#{SourceVariables.CommitMessage}","type":"PLAINTEXT"}]""" })]),
            new("Deploy", [Deploy(under: "#{BuildVariables.VERSION}", artifact: "Built")])));
        var ended = await Lab.Ended("train", id);
        Assert.True(ended.Status == PipelineExecutionStatus.Succeeded, ended.StatusSummary);
        Assert.Equal($"version.txt is now 7 {commit} codepipeline/train", await Lab.Read("7/made.txt"));
        var build = (await Lab.Runs("train", id))[1].Output!;
        Assert.StartsWith("train:", build.ExecutionResult!.ExternalExecutionId, StringComparison.Ordinal);
        Assert.Equal("7", build.OutputVariables["VERSION"]);
    }

    [Fact]
    public async Task A_build_that_fails_says_which_command_did_and_one_of_no_project_says_so()
    {
        await Project("fails", """{"version":"0.2","phases":{"build":{"commands":["true","exit 3"]}},"artifacts":{"files":["x"]}}""");
        await Lab.Commit("fails", "a.txt", "1");
        var id = await Lab.Create(Pipeline("fails", new("Source", [FromCodeCommit("fails")]), new("Build", [Build("fails", category: ActionCategory.Test)])));
        Assert.Equal(PipelineExecutionStatus.Failed, (await Lab.Ended("fails", id)).Status);
        var error = (await Lab.Runs("fails", id))[1].Output!.ExecutionResult!;
        Assert.Equal(("JobFailed", "Build terminated with state: FAILED"), (error.ErrorDetails!.Code, error.ExternalExecutionSummary));
        Assert.Contains("Phase: BUILD, Code: COMMAND_EXECUTION_ERROR, Message: Error while executing command: exit 3", error.ErrorDetails.Message, StringComparison.Ordinal);

        var none = await Lab.Create(Pipeline("none", new("Source", [FromCodeCommit("fails")]), new("Build", [Build("none")])));
        Assert.Contains("ResourceNotFoundException", (await Lab.Ended("none", none)).StatusSummary, StringComparison.Ordinal);
    }
}
