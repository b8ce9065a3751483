using System.IO.Compression;
using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.CodeBuild;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.LocalAws.CodeBuild;

/// <summary>What becomes of builds that were under way when local AWS ended.</summary>
public sealed class BuildRecoveryTests : IAsyncLifetime
{
    private readonly LocalAwsFixture _aws = new();

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task A_build_that_ran_begins_again_and_says_so()
    {
        using var gate = new JobGate();
        await _aws.Create("again", Projects.Spec("echo begun", $"until [ -e {gate.File} ]; do sleep 0.1; done", "echo ended"));
        var build = (await _aws.Aws.Send(new StartBuild("again"))).Build;
        await _aws.Says(build, "begun");
        await _aws.Restart();
        await gate.Open();
        var ended = await _aws.End(build.Id);
        Assert.Equal("SUCCEEDED", ended.BuildStatus);
        var lines = await _aws.Lines(ended);
        Assert.Equal(2, lines.Count(l => l == "begun"));
        Assert.Equal(1, lines.Count(l => l == "ended"));
        Assert.Contains(lines, l => l.Contains("so it begins again from its source", StringComparison.Ordinal));
        Assert.Equal(11, ended.Phases.Count);
    }

    [Fact]
    public async Task A_build_whose_commands_had_all_run_runs_none_again_and_uploads_what_they_left()
    {
        const string Bucket = "recovered";
        _aws.Server.Part<Buckets>().Create(Bucket, "us-east-1");
        await _aws.Create("left", Projects.Spec("echo left > out.txt", "echo begun", "sleep 600"));
        var build = (await _aws.Aws.Send(new StartBuild("left", ArtifactsOverride: new("S3", Bucket, Name: "out.zip", Packaging: "ZIP")))).Build;
        await _aws.Says(build, "begun");
        // as a kill between the last command and the upload leaves it
        _aws.Server.Part<BuildTable>().Table.Change(build.Id, b => b with
        {
            Build = b.Build.Enter(Phase.UploadArtifacts, PhaseEnd.Success, b.Build.StartTime) with { ExportedEnvironmentVariables = [new("A", "1")] },
            Outcome = new(new Dictionary<string, ArtifactRule> { [""] = new(["**/*"], [], null, DiscardPaths: false, null) }, []),
        });
        var running = (await _aws.Lines(build)).Count(IsCommand);
        await _aws.Restart();
        var ended = await _aws.End(build.Id);
        Assert.Equal("SUCCEEDED", ended.BuildStatus);
        Assert.Equal([new ExportedEnvironmentVariable("A", "1")], ended.ExportedEnvironmentVariables!);
        var (_, content) = _aws.Server.Part<ObjectStore>().Open(Bucket, "out.zip")!.Value;
        using var zip = new ZipArchive(content);
        Assert.Equal(["out.txt"], zip.Entries.Select(e => e.FullName));
        Assert.Equal(running, (await _aws.Lines(ended)).Count(IsCommand));
        // a build has ended once its outcome is on disk; its folder goes after that
        await Patience.Until(() => Task.FromResult(Directory.GetFileSystemEntries(Path.Combine(_aws.DataDirectory, "builds")).Length == 0));

        static bool IsCommand(string line) => line.Contains("Running command", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_build_that_had_failed_already_ends_as_failed_and_runs_nothing_again()
    {
        await _aws.Create("failed", Projects.Spec("echo begun", "sleep 600"));
        var build = (await _aws.Aws.Send(new StartBuild("failed"))).Build;
        await _aws.Says(build, "begun");
        // as a kill between the failure and the end leaves it
        _aws.Server.Part<BuildTable>().Table.Change(build.Id, b => b with
        {
            Build = b.Build.Enter(Phase.Finalizing, PhaseEnd.Failure("COMMAND_EXECUTION_ERROR", "it failed"), b.Build.StartTime),
        });
        await _aws.Restart();
        var ended = await _aws.End(build.Id);
        Assert.Equal(("FAILED", "FAILED"), (ended.BuildStatus, ended.Of("BUILD").PhaseStatus));
        Assert.Equal(1, (await _aws.Lines(ended)).Count(l => l == "begun"));
    }

    [Fact]
    public async Task A_build_that_was_to_stop_has_stopped()
    {
        await _aws.Create("stop", Projects.Spec("echo begun", "sleep 600"));
        var build = (await _aws.Aws.Send(new StartBuild("stop"))).Build;
        await _aws.Says(build, "begun");
        // as a kill between the request and its effect leaves it
        _aws.Server.Part<BuildTable>().Table.Change(build.Id, b => b with { StopRequested = true });
        await _aws.Restart();
        var ended = await _aws.End(build.Id);
        Assert.Equal("STOPPED", ended.BuildStatus);
        Assert.DoesNotContain(await _aws.Lines(ended), l => l.Contains("begins again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_bubblewrap_a_build_runs_in_its_folder()
    {
        await using var server = await Slipway.LocalAws.LocalAwsServer.Start(
            new() { DataDirectory = Path.Combine(_aws.DataDirectory, "bare"), Bubblewrap = null }, TestContext.Current.CancellationToken);
        using var client = new Slipway.Aws.Client.AwsClient(server.Endpoint, _aws.Credentials, "us-east-1");
        var role = (await client.Send(new Slipway.Aws.Iam.CreateRole("r", "{}"))).Role.Arn;
        await client.Send(new CreateProject(
            "bare", new("NO_SOURCE", Buildspec: Projects.Spec("cd /", "cd \"$CODEBUILD_SRC_DIR\" && echo x > \"$HOME/y\"", "exit 0", "pwd")), new("NO_ARTIFACTS"),
            new("LINUX_CONTAINER", "aws/codebuild/standard:7.0", "BUILD_GENERAL1_SMALL"), role));
        var id = (await client.Send(new StartBuild("bare"))).Build.Id;
        var ended = await server.Part<PipelineBuilds>().End(id, TestContext.Current.CancellationToken).WaitAsync(Patience.Limit, TestContext.Current.CancellationToken);
        Assert.Equal("SUCCEEDED", ended!.BuildStatus);
    }
}
