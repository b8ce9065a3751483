using System.IO.Compression;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeBuild;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Objects;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Wire;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.CodeBuild;

/// <summary>The builds of CodePipeline's actions.</summary>
public sealed class PipelineBuildTests : IAsyncLifetime
{
    private const string Bucket = "artifact-store";
    private static readonly Caller Caller = new("000000000000", "us-east-1", "", "");
    private readonly LocalAwsFixture _aws = new();

    private PipelineBuilds Builds => _aws.Server.Part<PipelineBuilds>();

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _aws.Server.Part<Buckets>().Create(Bucket, "us-east-1");
        await Put("in/main.zip", new(), ("main.txt", "main"), ("run.sh", "echo ran"));
        // a zip may be encrypted
        await Put("in/more.zip", new() { Standard = EncryptionHeaders.Of("alias/aws/s3") }, ("more.txt", "more"));
    }

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Inputs_are_extracted_outputs_written_and_variables_exported()
    {
        await _aws.Create("action", """
            version: 0.2
            env:
              exported-variables: [VERSION]
            phases:
              build:
                commands:
                  - cat main.txt "$CODEBUILD_SRC_DIR_More/more.txt" > both.txt
                  - export VERSION="$FROM_ACTION of $CODEBUILD_RESOLVED_SOURCE_VERSION by $CODEBUILD_INITIATOR"
            artifacts:
              files: [both.txt]
            """, "CODEPIPELINE", "CODEPIPELINE");
        var request = Request("action", "one") with { EnvironmentVariables = [new("FROM_ACTION", "7")], ResolvedVersion = "abc" };
        var started = Builds.Start(request, Caller);
        Assert.Equal(started.Id, Builds.Start(request, Caller).Id);
        var ended = await _aws.End(started.Id);
        Assert.Equal("SUCCEEDED", ended.BuildStatus);
        Assert.Equal(("abc", "codepipeline/pipeline"), (ended.ResolvedSourceVersion, ended.Initiator));
        Assert.Equal([new ExportedEnvironmentVariable("VERSION", "7 of abc by codepipeline/pipeline")], ended.ExportedEnvironmentVariables!);
        Assert.Equal([("both.txt", "mainmore")], Read("out/Built.zip"));
        Assert.Equal(started.Id, Builds.Start(request, Caller).Id);
    }

    [Fact]
    public async Task Several_outputs_come_from_the_secondary_artifacts_of_their_names()
    {
        var spec = Projects.Spec("echo 1 > one.txt", "echo 2 > two.txt") + "artifacts:\n  secondary-artifacts:\n    One:\n      files: [one.txt]\n    Two:\n      files: ['t*']\n";
        await _aws.Create("several", spec, "CODEPIPELINE", "CODEPIPELINE");
        var outputs = new[] { new PipelineArtifact("One", Bucket, "out/1.zip"), new PipelineArtifact("Two", Bucket, "out/2.zip") };
        var ended = await _aws.End(Builds.Start(Request("several", "s") with { Outputs = outputs }, Caller).Id);
        Assert.Equal("SUCCEEDED", ended.BuildStatus);
        Assert.Equal([("one.txt", "1\n")], Read("out/1.zip"));
        Assert.Equal([("two.txt", "2\n")], Read("out/2.zip"));
        var missing = await _aws.End(Builds.Start(Request("several", "m") with { Outputs = [.. outputs, new("Three", Bucket, "out/3.zip")] }, Caller).Id);
        Assert.Contains("Three", missing.Of("UPLOAD_ARTIFACTS").Contexts![0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_project_with_a_source_of_its_own_and_a_build_without_a_pipeline_are_refused()
    {
        await _aws.Create("own", Projects.Spec("true"));
        Assert.Equal("InvalidInputException", Assert.Throws<AwsException>(() => Builds.Start(Request("own", "o"), Caller)).Code);
        Assert.Equal("ResourceNotFoundException", Assert.Throws<AwsException>(() => Builds.Start(Request("none", "n"), Caller)).Code);
        await _aws.Create("pipelines", Projects.Spec("true"), "CODEPIPELINE", "CODEPIPELINE");
        Assert.Equal("InvalidInputException", (await Assert.ThrowsAsync<AwsException>(() => _aws.Aws.Send(new StartBuild("pipelines")))).Code);
    }

    private static PipelineBuild Request(string project, string token) => new(
        project, token, "codepipeline/pipeline", new("Source", Bucket, "in/main.zip"), [new("More", Bucket, "in/more.zip")], [new("Built", Bucket, "out/Built.zip")]);

    private async Task Put(string key, ObjectHeaders headers, params (string Name, string Text)[] files)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, text) in files)
            {
                await using var writer = new StreamWriter(await zip.CreateEntry(name).OpenAsync());
                await writer.WriteAsync(text);
            }
        }

        bytes.Position = 0;
        await _aws.Server.Part<ObjectStore>().Put(Bucket, key, bytes, headers);
    }

    private List<(string Name, string Text)> Read(string key)
    {
        using var zip = new ZipArchive(_aws.Server.Part<ObjectStore>().Open(Bucket, key)!.Value.Content);
        return [.. zip.Entries.Select(e =>
        {
            using var reader = new StreamReader(e.Open());
            return (e.FullName, reader.ReadToEnd());
        })];
    }
}
