using Slipway.Aws.CodeCommit;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.CodeCommit;

namespace Slipway.Tests.Cli;

/// <summary><c>slipway git setup</c> and git with codecommit:: addresses, where signatures are checked.</summary>
public sealed class GitVerbsTests : IAsyncLifetime
{
    private readonly LocalAwsFixture _aws = new() { RequireAuth = true };
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-helper-").FullName;

    private string Helper => Path.Combine(_folder, "git-remote-codecommit");

    /// <summary>A PATH with our folder first, and without any other helper.</summary>
    private string SearchPath => string.Join(Path.PathSeparator, Environment.GetEnvironmentVariable("PATH")!.Split(Path.PathSeparator)
        .Where(f => !System.IO.File.Exists(Path.Combine(f, "git-remote-codecommit"))).Prepend(_folder));

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Git_clones_and_pushes_codecommit_addresses_of_every_form_through_the_helper()
    {
        var set = await Slipway("git", "setup", "--dir", _folder);
        Assert.True(set.ExitCode == 0, set.ToString());
        Assert.Contains(Helper, set.Output, StringComparison.Ordinal);
        await _aws.Aws.Send(new CreateRepository("my-mlops-repo"));
        using var ann = await WorkingCopy.Of("codecommit::ap-northeast-2://my-mlops-repo", Variables);
        var commit = await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        var profile = new Dictionary<string, string>(Variables)
        {
            ["AWS_ACCESS_KEY_ID"] = "", ["AWS_SECRET_ACCESS_KEY"] = "", ["AWS_SHARED_CREDENTIALS_FILE"] = _aws.CredentialsFile,
        };
        foreach (var (address, environment) in new[] { ("codecommit://my-mlops-repo", Variables), ("codecommit://tester@my-mlops-repo", profile), ("codecommit::us-east-1://tester@my-mlops-repo", profile) })
        {
            using var bo = new WorkingCopy(environment);
            await bo.Git("clone", "--quiet", address, ".");
            Assert.Equal(commit, await bo.Git("rev-parse", "HEAD"));
        }
    }

    [Theory]
    [InlineData("codecommit::nowhere://my-mlops-repo", "'nowhere' is no region")]
    [InlineData("codecommit://nobody@my-mlops-repo", "no AWS profile named nobody")]
    [InlineData("codecommit://a/b", "no CodeCommit address")]
    [InlineData("codecommit://none", "There is no repository named none")]
    public async Task An_address_that_leads_nowhere_says_why(string address, string why)
    {
        await Slipway("git", "setup", "--dir", _folder);
        using var ann = new WorkingCopy(Variables);
        var run = await ann.Try("ls-remote", address);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_credential_helper_signs_for_the_config_file_s_region_where_no_variable_names_one()
    {
        var config = Path.Combine(_folder, "config");
        await System.IO.File.WriteAllTextAsync(config, "[default]\nregion = eu-west-1\n");
        var environment = new Dictionary<string, string>(Variables) { ["AWS_REGION"] = "", ["AWS_DEFAULT_REGION"] = "", ["AWS_CONFIG_FILE"] = config };
        var question = $"protocol=http\nhost={_aws.Server.Endpoint.Authority}\npath=v1/repos/my-mlops-repo\n\n";
        var answer = await Command.Run("sh", ["-c", $"printf '{question}' | '{Path.Combine(AppContext.BaseDirectory, "slipway")}' git credential get"], environment);
        Assert.StartsWith("username=", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setup_is_undone_and_hides_no_helper_of_AWS_s_own()
    {
        await Slipway("git", "setup", "--dir", _folder);
        await Slipway("git", "setup", "--dir", _folder);
        var undone = await Slipway("git", "setup", "--undo", "--dir", _folder);
        Assert.True(undone.ExitCode == 0, undone.ToString());
        Assert.False(System.IO.File.Exists(Helper));
        Assert.Equal(2, (await Slipway("git", "setup", "--undo", "--dir", _folder)).ExitCode);
        await System.IO.File.WriteAllTextAsync(Helper, "#!/usr/bin/env python3\n");
        foreach (var arguments in new string[][] { ["git", "setup"], ["git", "setup", "--dir", Path.Combine(_folder, "other")], ["git", "setup", "--undo", "--dir", _folder] })
        {
            Assert.Equal(2, (await Slipway(arguments)).ExitCode);
        }

        Assert.Contains("is not Slipway's: " + Helper, (await Slipway("git", "setup")).Error, StringComparison.Ordinal);
        Assert.Equal("#!/usr/bin/env python3\n", await System.IO.File.ReadAllTextAsync(Helper));
        Assert.False(Directory.Exists(Path.Combine(_folder, "other")));
    }

    [Fact]
    public async Task AWS_s_own_helper_reaches_local_AWS_through_TLS()
    {
        Assert.SkipUnless(Command.Find("git-remote-codecommit") is not null, "AWS's git-remote-codecommit is not on this machine");
        await _aws.Aws.Send(new CreateRepository("my-mlops-repo"));
        var host = _aws.Server.Endpoint.Authority;
        var environment = new Dictionary<string, string>(_aws.Environment)
        {
            ["CODE_COMMIT_ENDPOINT"] = host, ["GIT_CONFIG_COUNT"] = "1", ["GIT_CONFIG_KEY_0"] = $"http.https://{host}/.sslCAInfo", ["GIT_CONFIG_VALUE_0"] = _aws.Server.CertificateFile,
        };
        using var ann = await WorkingCopy.Of("codecommit::ap-northeast-2://my-mlops-repo", environment);
        var commit = await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        using var bo = new WorkingCopy(environment);
        await bo.Git("clone", "--quiet", "codecommit://my-mlops-repo", ".");
        Assert.Equal(commit, await bo.Git("rev-parse", "HEAD"));
    }

    [Fact]
    public async Task Git_speaks_TLS_to_the_port_that_speaks_HTTP()
    {
        using var ann = new WorkingCopy();
        var address = $"https://{_aws.Server.Endpoint.Authority}/v1/repos/x";
        Assert.Contains("certificate", (await ann.Try("ls-remote", address)).Error, StringComparison.OrdinalIgnoreCase);
        var trusted = await ann.Try("-c", $"http.sslCAInfo={_aws.Server.CertificateFile}", "ls-remote", address);
        Assert.Contains("could not read Username", trusted.Error, StringComparison.Ordinal);
        var file = _aws.Server.CertificateFile;
        var before = await System.IO.File.ReadAllTextAsync(file);
        await _aws.Restart();
        Assert.Equal(before, await System.IO.File.ReadAllTextAsync(_aws.Server.CertificateFile));
        Assert.Equal(file, _aws.Server.CertificateFile);
    }

    private Dictionary<string, string> Variables => new(_aws.Environment) { ["PATH"] = SearchPath };

    private Task<Command> Slipway(params string[] arguments) => Command.Slipway(arguments, Variables);
}
