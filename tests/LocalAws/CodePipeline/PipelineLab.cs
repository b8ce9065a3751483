using System.IO.Compression;
using System.Text;
using Amazon.S3;
using Slipway.Aws.CodeCommit;
using Slipway.Aws.CodePipeline;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.S3;

namespace Slipway.Tests.LocalAws.CodePipeline;

/// <summary>Pipelines of one local AWS, with buckets and repositories for them; every wait has an end.</summary>
internal sealed class PipelineLab(LocalAwsFixture aws) : IDisposable
{
    public const string Artifacts = "pipeline-artifacts";
    public const string Site = "pipeline-site";
    public const string Role = "arn:aws:iam::000000000000:role/execution";

    public LocalAwsFixture Aws => aws;

    public AmazonS3Client S3 { get; } = S3ClientTests.Client(aws);

    /// <summary>The bucket of the artifacts and the one that is deployed to.</summary>
    public async Task Buckets()
    {
        await S3.PutBucketAsync(Artifacts);
        await S3.PutBucketAsync(Site);
    }

    /// <summary>Puts a file into a branch of a repository, which it makes where there is none.</summary>
    /// <returns>The commit's id.</returns>
    public async Task<string> Commit(string repository, string path, string content, string branch = "main")
    {
        var known = await aws.Aws.Send(new ListRepositories());
        if (known.Repositories.All(r => r.RepositoryName != repository))
        {
            await aws.Aws.Send(new CreateRepository(repository));
        }

        var branches = (await aws.Aws.Send(new ListBranches(repository))).Branches;
        var parent = branches.Contains(branch) ? (await aws.Aws.Send(new GetBranch(repository, branch))).Branch.CommitId : null;
        return (await aws.Aws.Send(new PutFile(repository, branch, Encoding.UTF8.GetBytes(content), path, ParentCommitId: parent, CommitMessage: $"{path} is now {content}"))).CommitId;
    }

    /// <summary>Puts a zip of one file as a new version of an object in a versioned bucket.</summary>
    /// <returns>The version's id.</returns>
    public async Task<string> Zip(string bucket, string key, string path, string content)
    {
        await S3.PutBucketAsync(bucket);
        await S3.PutBucketVersioningAsync(new() { BucketName = bucket, VersioningConfig = new() { Status = VersionStatus.Enabled } });
        using var stream = new MemoryStream();
        using (var zip = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            await using var entry = zip.CreateEntry(path).Open();
            await entry.WriteAsync(Encoding.UTF8.GetBytes(content));
        }

        stream.Position = 0;
        return (await S3.PutObjectAsync(new() { BucketName = bucket, Key = key, InputStream = stream })).VersionId;
    }

    /// <summary>What a bucket holds at a key.</summary>
    public async Task<string> Read(string key, string bucket = Site)
    {
        using var found = await S3.GetObjectAsync(bucket, key);
        using var reader = new StreamReader(found.ResponseStream);
        return await reader.ReadToEndAsync();
    }

    public static ActionDeclaration FromCodeCommit(string repository, string branch = "main", bool polls = false) => new(
        "Source", new(ActionCategory.Source, "AWS", "CodeCommit", "1"), OutputArtifacts: [new("SourceArtifact")], Namespace: "SourceVariables",
        Configuration: new Dictionary<string, string> { ["RepositoryName"] = repository, ["BranchName"] = branch, ["PollForSourceChanges"] = polls ? "true" : "false" });

    public static ActionDeclaration FromS3(string bucket, string key, bool polls = false) => new(
        "Source", new(ActionCategory.Source, "AWS", "S3", "1"), OutputArtifacts: [new("SourceArtifact")], Namespace: "SourceVariables",
        Configuration: new Dictionary<string, string> { ["S3Bucket"] = bucket, ["S3ObjectKey"] = key, ["PollForSourceChanges"] = polls ? "true" : "false" });

    public static ActionDeclaration Approval(string name = "ManualApproval", int? timeout = null, IReadOnlyDictionary<string, string>? configuration = null) =>
        new(name, new(ActionCategory.Approval, "AWS", "Manual", "1"), Configuration: configuration, TimeoutInMinutes: timeout);

    public static ActionDeclaration Deploy(string name = "Deploy", string under = "site", string bucket = Site, int? order = null, string artifact = "SourceArtifact") => new(
        name, new(ActionCategory.Deploy, "AWS", "S3", "1"), InputArtifacts: [new(artifact)], RunOrder: order,
        Configuration: new Dictionary<string, string> { ["BucketName"] = bucket, ["Extract"] = "true", ["ObjectKey"] = under });

    /// <summary>A pipeline of type V2.</summary>
    public static PipelineDeclaration Pipeline(string name, params StageDeclaration[] stages) =>
        new(name, Role, stages, new ArtifactStore("S3", Artifacts), PipelineType: PipelineType.V2);

    /// <summary>Makes a pipeline, which starts.</summary>
    /// <returns>The id of its first execution.</returns>
    public async Task<string> Create(PipelineDeclaration pipeline)
    {
        await aws.Aws.Send(new CreatePipeline(pipeline));
        return (await aws.Aws.Send(new ListPipelineExecutions(pipeline.Name))).PipelineExecutionSummaries[0].PipelineExecutionId;
    }

    public async Task<string> Start(string pipeline) => (await aws.Aws.Send(new StartPipelineExecution(pipeline))).PipelineExecutionId;

    public async Task<PipelineExecution> Execution(string pipeline, string id) => (await aws.Aws.Send(new GetPipelineExecution(pipeline, id))).PipelineExecution;

    /// <summary>An execution, once it is over.</summary>
    public Task<PipelineExecution> Ended(string pipeline, string id) =>
        Once(() => Execution(pipeline, id), e => e.Status is not (PipelineExecutionStatus.InProgress or PipelineExecutionStatus.Stopping), "the execution ends");

    public async Task<StageState> Stage(string pipeline, string stage) => (await aws.Aws.Send(new GetPipelineState(pipeline))).StageStates.Single(s => s.StageName == stage);

    /// <summary>The token of an approval, once an execution waits for it.</summary>
    public async Task<string> Token(string pipeline, string id, string stage = "ApprovalStage", string action = "ManualApproval")
    {
        var state = await Once(() => Stage(pipeline, stage), s => s.LatestExecution?.PipelineExecutionId == id && Waits(s, action), $"{action} waits");
        return state.ActionStates.Single(a => a.ActionName == action).LatestExecution!.Token!;
    }

    public Task<PutApprovalResult.Response> Answer(string pipeline, string token, ApprovalStatus status = ApprovalStatus.Approved, string words = "looks right") =>
        aws.Aws.Send(new PutApprovalResult(pipeline, "ApprovalStage", "ManualApproval", new(words, status), token));

    /// <summary>The runs of an execution's actions, the oldest first.</summary>
    public async Task<List<ActionExecutionDetail>> Runs(string pipeline, string id) =>
        [.. (await aws.Aws.Send(new ListActionExecutions(pipeline, new(PipelineExecutionId: id)))).ActionExecutionDetails.Reverse()];

    /// <summary>Reads something again and again until it is as it should be.</summary>
    public Task<T> Once<T>(Func<Task<T>> read, Func<T, bool> isRight, string what) => Patience.Until(read, isRight, () => $"{what}\n{aws.Log}");

    public void Dispose() => S3.Dispose();

    private static bool Waits(StageState stage, string action) => stage.ActionStates.Single(a => a.ActionName == action).LatestExecution?.Token is not null;
}
