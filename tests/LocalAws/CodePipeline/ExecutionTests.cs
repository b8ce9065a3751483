using System.IO.Compression;
using Slipway.Aws.CodePipeline;
using static Slipway.Tests.LocalAws.CodePipeline.PipelineLab;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>An execution from its source to its end.</summary>
public sealed class ExecutionTests : PipelineTestBase
{
    [Fact]
    public async Task A_commit_waits_for_a_person_and_is_then_deployed()
    {
        var commit = await Lab.Commit("clicks", "site/index.html", "<p>1</p>");
        var id = await Lab.Create(Pipeline(
            "a-pipeline-with-a-long-name", new("Source", [FromCodeCommit("clicks")]), new("ApprovalStage", [Approval()]), new("Deploy", [Deploy()])));
        await Lab.Answer("a-pipeline-with-a-long-name", await Lab.Token("a-pipeline-with-a-long-name", id));
        var ended = await Lab.Ended("a-pipeline-with-a-long-name", id);
        Assert.Equal(PipelineExecutionStatus.Succeeded, ended.Status);
        Assert.Equal(("CreatePipeline", "STANDARD", ExecutionMode.SUPERSEDED), (ended.Trigger.TriggerType, ended.ExecutionType, ended.ExecutionMode));
        var revision = Assert.Single(ended.ArtifactRevisions);
        Assert.Equal(("SourceArtifact", commit, "site/index.html is now <p>1</p>"), (revision.Name, revision.RevisionId, revision.RevisionSummary));
        Assert.Equal("<p>1</p>", await Lab.Read("site/site/index.html"));

        var runs = await Lab.Runs("a-pipeline-with-a-long-name", id);
        Assert.Equal(["Source", "ManualApproval", "Deploy"], runs.Select(r => r.ActionName));
        var artifact = runs[0].Output!.OutputArtifacts[0].S3Location;
        Assert.Matches("^a-pipeline-with-a-lo/SourceArti/[A-Za-z0-9]{7}$", artifact.Key);
        Assert.Equal(artifact, runs[2].Input.InputArtifacts[0].S3Location);
        Assert.Equal(commit, runs[0].Output!.OutputVariables["CommitId"]);
        Assert.Equal(("looks right", "arn:aws:iam::000000000000:root"), (runs[1].Output!.ExecutionResult!.ExternalExecutionSummary, runs[1].UpdatedBy));
    }

    [Fact]
    public async Task The_source_is_what_was_committed_whatever_its_attributes_say()
    {
        await Lab.Commit("attributes", ".gitattributes", "* export-ignore text eol=crlf\n");
        await Lab.Commit("attributes", "deep/er/lines.txt", "a\nb\n");
        var id = await Lab.Create(Pipeline("attributes", new("Source", [FromCodeCommit("attributes")]), new("Deploy", [Deploy()])));
        await Lab.Ended("attributes", id);
        var place = (await Lab.Runs("attributes", id))[0].Output!.OutputArtifacts[0].S3Location;
        using var found = await Lab.S3.GetObjectAsync(place.Bucket, place.Key);
        using var zip = new ZipArchive(found.ResponseStream);
        Assert.Equal([".gitattributes", "deep/er/lines.txt"], zip.Entries.Select(e => e.FullName));
        using var reader = new StreamReader(zip.Entries[1].Open());
        Assert.Equal("a\nb\n", await reader.ReadToEndAsync());
    }
}
