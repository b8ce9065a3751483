using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Amazon.Runtime;
using Amazon.S3;
using Slipway.Aws.Client;
using Slipway.Aws.CodeBuild;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.EventBridge;
using Slipway.Aws.Iam;
using Slipway.Aws.Logs;
using Slipway.Aws.Wire;

namespace Slipway.Tests.Crashes;

/// <summary>A pipeline from S3 through a build and a person's approval to S3, and a client that does not let go of it.</summary>
internal sealed class Released : IDisposable
{
    private const string Name = "released";
    private const string Source = "released-source";
    private const string Artifacts = "released-artifacts";
    private const string Site = "released-site";
    private const string Role = "arn:aws:iam::000000000000:role/" + Name;
    private const string Group = "/released/events";
    private readonly AwsSession _session;
    private readonly List<string> _executions = [];

    public Released(Uri endpoint) => _session = new(endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");

    /// <summary>Makes it; its first execution fails, as there is no source yet.</summary>
    public async Task Make(CancellationToken cancellation)
    {
        foreach (var bucket in new[] { Source, Artifacts, Site })
        {
            await _session.S3.PutBucketAsync(bucket, cancellation);
        }

        await _session.S3.PutBucketVersioningAsync(new() { BucketName = Source, VersioningConfig = new() { Status = VersionStatus.Enabled } }, cancellation);
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["codepipeline.amazonaws.com","codebuild.amazonaws.com"]},"Action":"sts:AssumeRole"}]}""";
        await _session.Aws.Send(new CreateRole(Name, trust), cancellation);
        await _session.Aws.Send(new CreateLogGroup(Group), cancellation);
        await _session.Aws.Send(new PutRule(Name, EventPattern: """{"source":["aws.codepipeline"]}"""), cancellation);
        await _session.Aws.Send(new PutTargets(Name, [new("log", $"arn:aws:logs:us-east-1:000000000000:log-group:{Group}")]), cancellation);
        await _session.Aws.Send(new CreateProject(
            Name, new("CODEPIPELINE", Buildspec: """{"version":"0.2","phases":{"build":{"commands":["cp a.txt b.txt"]}},"artifacts":{"files":["*.txt"]}}"""),
            new("CODEPIPELINE"), new("LINUX_CONTAINER", "aws/codebuild/standard:7.0", "BUILD_GENERAL1_SMALL"), Role), cancellation);
        await _session.Aws.Send(new CreatePipeline(Structure()), cancellation);
        await End((await _session.Aws.Send(new ListPipelineExecutions(Name), cancellation)).PipelineExecutionSummaries[0].PipelineExecutionId, cancellation);
    }

    /// <summary>Puts a new version of the source.</summary>
    public Task Change(string content, CancellationToken cancellation) => Persistent.Run(async () =>
    {
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = zip.CreateEntry("a.txt").Open();
            await entry.WriteAsync(Encoding.UTF8.GetBytes(content), cancellation);
        }

        stream.Position = 0;
        await _session.S3.PutObjectAsync(new() { BucketName = Source, Key = "source.zip", InputStream = stream }, cancellation);
    }, cancellation);

    /// <summary>Starts an execution, once however often it is asked for.</summary>
    public async Task<string> Start(string token, CancellationToken cancellation)
    {
        var id = (await Persistent.Run(() => _session.Aws.Send(new StartPipelineExecution(Name, ClientRequestToken: token), cancellation), cancellation)).PipelineExecutionId;
        _executions.Add(id);
        return id;
    }

    /// <summary>Approves an execution, which waits for that sooner or later.</summary>
    /// <returns>Completes when the approval is acknowledged, or was taken and the answer lost.</returns>
    public async Task Approve(string id, CancellationToken cancellation)
    {
        var token = await Until(() => Token(id, cancellation), t => t is not null, cancellation);
        try
        {
            await Persistent.Run(() => _session.Aws.Send(new PutApprovalResult(Name, "Approve", "Person", new("by a person", ApprovalStatus.Approved), token!), cancellation), cancellation);
        }
        catch (AwsException e) when (e.Code == "ApprovalAlreadyCompletedException")
        {
            // it was taken, and the answer lost
        }
    }

    /// <summary>How an execution ended.</summary>
    public Task<PipelineExecution> End(string id, CancellationToken cancellation) => Until(
        async () => (await _session.Aws.Send(new GetPipelineExecution(Name, id), cancellation)).PipelineExecution, e => e.Status != PipelineExecutionStatus.InProgress, cancellation);

    /// <summary>What is deployed.</summary>
    public async Task<string> Deployed(CancellationToken cancellation)
    {
        using var found = await _session.S3.GetObjectAsync(Site, "b.txt", cancellation);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync(cancellation);
    }

    /// <summary>Each action of each execution ran once, each build once, and each event of them came once.</summary>
    public async Task Check(CancellationToken cancellation)
    {
        foreach (var id in _executions)
        {
            var runs = (await _session.Aws.Send(new ListActionExecutions(Name, new(PipelineExecutionId: id)), cancellation)).ActionExecutionDetails;
            Assert.Equal(["Again", "Deploy", "Person", "Build", "Source"], runs.Select(r => r.ActionName).OrderBy(n => Array.IndexOf(["Again", "Deploy", "Person", "Build", "Source"], n)));
            Assert.All(runs, r => Assert.Equal(ActionExecutionStatus.Succeeded, r.Status));
            Assert.Equal("by a person", runs.Single(r => r.ActionName == "Person").Output!.ExecutionResult!.ExternalExecutionSummary);
        }

        Assert.Equal(_executions.Count, (await _session.Aws.Send(new ListBuildsForProject(Name), cancellation)).Ids.Count);
        var events = await Until(() => Events(cancellation), all => _executions.TrueForAll(id => all.Contains($"Pipeline {id}    SUCCEEDED")), cancellation);
        Assert.Equal(events.Distinct(), events);
        // an execution, three stages but for the source's, and five actions, each of which starts and succeeds
        Assert.All(_executions, id => Assert.Equal(2 * (1 + 4 + 5), events.Count(e => e.Contains(id, StringComparison.Ordinal))));
    }

    public void Dispose() => _session.Dispose();

    private static Task<T> Until<T>(Func<Task<T>> read, Func<T, bool> isRight, CancellationToken cancellation) =>
        Patience.Until(() => Persistent.Run(read, cancellation), isRight, limit: cancellation);

    private async Task<string?> Token(string id, CancellationToken cancellation)
    {
        var runs = (await _session.Aws.Send(new ListActionExecutions(Name, new(PipelineExecutionId: id)), cancellation)).ActionExecutionDetails;
        return runs.FirstOrDefault(r => r.ActionName == "Person")?.Output?.ExecutionResult?.ExternalExecutionId;
    }

    private async Task<List<string>> Events(CancellationToken cancellation)
    {
        var (lines, token) = (new List<string>(), (string?)null);
        do
        {
            var page = await _session.Aws.Send(new FilterLogEvents(Group, NextToken: token), cancellation);
            lines.AddRange(page.Events.Select(e => Line(JsonNode.Parse(e.Message)!)));
            token = page.NextToken;
        }
        while (token is not null);
        return lines;
    }

    private static string Line(JsonNode e)
    {
        var detail = e["detail"]!;
        return $"{((string)e["detail-type"]!).Split(' ')[1]} {detail["execution-id"]} {detail["stage"]} {detail["action"]} {detail["action-execution-id"]} {detail["state"]}";
    }

    private static PipelineDeclaration Structure()
    {
        ActionDeclaration Deploy(string name, string under) => new(
            name, new(ActionCategory.Deploy, "AWS", "S3", "1"), InputArtifacts: [new("Built")],
            Configuration: new Dictionary<string, string> { ["BucketName"] = Site, ["Extract"] = "true", [under.Length > 0 ? "ObjectKey" : "CacheControl"] = under.Length > 0 ? under : "no-cache" });
        return new(Name, Role,
            [
                new("Source", [new("Source", new(ActionCategory.Source, "AWS", "S3", "1"), OutputArtifacts: [new("Taken")],
                    Configuration: new Dictionary<string, string> { ["S3Bucket"] = Source, ["S3ObjectKey"] = "source.zip", ["PollForSourceChanges"] = "false" })]),
                new("Build", [new("Build", new(ActionCategory.Build, "AWS", "CodeBuild", "1"), InputArtifacts: [new("Taken")], OutputArtifacts: [new("Built")],
                    Configuration: new Dictionary<string, string> { ["ProjectName"] = Name })]),
                new("Approve", [new("Person", new(ActionCategory.Approval, "AWS", "Manual", "1"))]),
                new("Deploy", [Deploy("Deploy", ""), Deploy("Again", "again")]),
            ],
            new ArtifactStore("S3", Artifacts), PipelineType: PipelineType.V2, ExecutionMode: ExecutionMode.QUEUED);
    }
}
