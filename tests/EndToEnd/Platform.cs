using System.Text.RegularExpressions;
using Slipway.Aws.Client;
using Slipway.Cli;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.CodeCommit;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.Platform;
using Slipway.Workflow.Release;

namespace Slipway.Tests.EndToEnd;

/// <summary>Development and production on a local AWS that checks every signature, used as a person does: by the command line and git.</summary>
internal sealed partial class Platform : IAsyncDisposable
{
    public const string Mail = "ann@example.com";

    private readonly LocalAwsFixture _aws = new() { RequireAuth = true };
    private AwsSession? _session;
    private WorkingCopy? _development;

    public LocalAwsFixture Aws => _aws;

    public AwsSession Session => _session ?? throw new InvalidOperationException("not started");

    /// <summary>The person's clone of development's repository.</summary>
    public WorkingCopy Development => _development ?? throw new InvalidOperationException("not started");

    /// <summary>A folder for what commands write.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("slipway-flow-").FullName;

    private Dictionary<string, string> Environment => new(_aws.Environment) { ["DATA_BUCKET"] = "", ["SM_EXEC_ROLE_ARN"] = "", ["PATH"] = RemoteHelperScript.PathWith(Path.Combine(Folder, "bin")) };

    /// <summary>Makes everything, loads a sample into both, and makes the repository that is pushed from.</summary>
    public static async Task<Platform> Start(int rows)
    {
        var platform = new Platform();
        await platform._aws.InitializeAsync();
        platform._session = new(platform._aws.Server.Endpoint, platform._aws.Credentials, "us-east-1");
        await platform.Slipway("sample", "--rows", $"{rows}", "--output", "ad_click_dataset.csv");
        foreach (var whose in new string[][] { ["--dev"], [] })
        {
            var exports = (await platform.Slipway(["setup", "--full", "--mail", Mail, .. whose])).Split('\n').Select(l => l["export ".Length..].Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
            await platform.Run(["ingest", "--csv", "ad_click_dataset.csv"], exports);
        }

        platform._development = await WorkingCopy.Of($"codecommit::us-east-1://{PlatformNames.Development.Repository}", platform.Environment);
        await platform.Run(["new", platform._development.Folder], new Dictionary<string, string>());
        return platform;
    }

    /// <summary>Runs a verb that must succeed and gives what it printed.</summary>
    public Task<string> Slipway(params IReadOnlyList<string> arguments) => Run(arguments, new Dictionary<string, string>());

    /// <summary>Commits all and pushes.</summary>
    public async Task<string> Push(string message)
    {
        await Development.Git("add", "--all");
        await Development.Git("commit", "--quiet", "--message", message);
        await Development.Git("push", "--quiet", "origin", "main");
        return await Development.Git("rev-parse", "HEAD");
    }

    /// <summary>Production's repository, cloned anew.</summary>
    public async Task<WorkingCopy> Production()
    {
        var copy = new WorkingCopy(Environment);
        await copy.Git("clone", "--quiet", $"codecommit::us-east-1://{PlatformNames.Production.Repository}", ".");
        return copy;
    }

    /// <summary>Follows the execution that a commit starts to the approval.</summary>
    public async Task<WatchedExecution> ToApproval(PlatformNames names, string commit)
    {
        var watch = new PipelineWatch(Session, names.Pipeline, TimeProvider.System);
        var waiting = await watch.Follow(await watch.Started(commit, TestContext.Current.CancellationToken), _ => { }, TestContext.Current.CancellationToken);
        Assert.True(waiting.Approval is not null, $"{names.Pipeline} is {waiting.Status}: {waiting.Reason}");
        return waiting;
    }

    /// <summary>Follows an execution whose approval was answered to its end.</summary>
    public Task<WatchedExecution> ToEnd(WatchedExecution waiting) =>
        new PipelineWatch(Session, waiting.Record.Pipeline, TimeProvider.System).Follow(waiting.Record.Id, _ => { }, TestContext.Current.CancellationToken);

    /// <summary>The mail that has come, and confirms what asks for it as a person does: by its address.</summary>
    public async Task<IReadOnlyList<MailFile>> Inbox()
    {
        var mails = MailFile.FilesOf(_aws.Options.Inbox).Select((f, i) => MailFile.Read(f, i + 1)).ToList();
        using var http = new HttpClient();
        foreach (var mail in mails.Where(m => m.Subject.Contains("Subscription Confirmation", StringComparison.Ordinal)))
        {
            (await http.GetAsync(Link().Match(mail.Text).Value, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();
        }

        return mails;
    }

    /// <summary>What the build of a stage printed.</summary>
    public async Task<string> LogOf(PipelineRecord record, string stage)
    {
        var build = record.Actions.Single(a => a.StageName == stage).Output!.ExecutionResult!.ExternalExecutionId!;
        return string.Join('\n', await BuildLog.Read(Session, build, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _development?.Dispose();
        _session?.Dispose();
        await _aws.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task<string> Run(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string> variables)
    {
        var run = await Try(arguments, variables);
        Assert.True(run.ExitCode == 0, $"slipway {string.Join(' ', arguments)}: {run}");
        return run.Output.Trim();
    }

    /// <summary>Runs a verb, however it ends.</summary>
    public Task<Command> Try(IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string>? variables = null)
    {
        var environment = Environment;
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            environment[name] = value;
        }

        return Command.Slipway(arguments, environment, Folder);
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Link();
}
