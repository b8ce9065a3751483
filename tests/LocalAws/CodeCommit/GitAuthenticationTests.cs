using Slipway.Aws.CodeCommit;
using Slipway.Aws.Iam;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.EventBridge;

namespace Slipway.Tests.LocalAws.CodeCommit;

/// <summary>git where signatures are checked, with the credential helper of the <c>aws</c> command line.</summary>
public sealed class GitAuthenticationTests : IAsyncLifetime
{
    private static readonly string[] Helper =
        ["-c", "credential.UseHttpPath=true", "-c", "credential.helper=!aws codecommit credential-helper --ignore-host-check $@"];

    private readonly LocalAwsFixture _aws = new() { RequireAuth = true };

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Git_without_credentials_with_a_password_or_with_an_unknown_key_is_refused_and_told_why()
    {
        var made = (await _aws.Aws.Send(new CreateRepository("closed"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        await ann.Commit("a.txt", "1");
        var unsigned = await ann.Try("push", "origin", "main");
        Assert.NotEqual(0, unsigned.ExitCode);
        Assert.Contains("could not read Username", unsigned.Error, StringComparison.Ordinal);
        await ann.Git("remote", "set-url", "origin", made.CloneUrlHttp.Replace("://", "://ann-at-000000000000:password@", StringComparison.Ordinal));
        Assert.Contains("no active HTTPS Git credential's user name and password", (await ann.Try("push", "origin", "main")).Error, StringComparison.Ordinal);
        var signature = $"20260101T000000Z{new string('0', 64)}";
        await ann.Git("remote", "set-url", "origin", made.CloneUrlHttp.Replace("://", $"://AKIANOBODYNOBODYNOBO:{signature}@", StringComparison.Ordinal));
        Assert.Contains("security token included in the request is invalid", (await ann.Try("push", "origin", "main")).Error, StringComparison.Ordinal);
        Assert.Empty((await _aws.Aws.Send(new ListBranches("closed"))).Branches);
    }

    [Fact]
    public async Task A_user_name_and_password_of_IAM_clone_and_push_as_long_as_they_are_active()
    {
        var events = await SeenEvents.Watch(_aws);
        await _aws.Aws.Send(new CreateUser("ann", "/team/"));
        var made = (await _aws.Aws.Send(new CreateServiceSpecificCredential("ann", "codecommit.amazonaws.com"))).ServiceSpecificCredential;
        Assert.Equal("ann-at-000000000000", made.ServiceUserName);
        var address = (await _aws.Aws.Send(new CreateRepository("passwords"))).RepositoryMetadata.CloneUrlHttp;
        using var ann = await WorkingCopy.Of(WithPassword(address, made));
        var commit = await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        using var bo = await WorkingCopy.Of(WithPassword(address, made));
        await bo.Git("pull", "--quiet", "origin", "main");
        Assert.Equal(commit, await bo.Git("rev-parse", "HEAD"));
        Assert.Equal(["arn:aws:iam::000000000000:user/team/ann"], (await events.All()).Select(e => (string?)e["detail"]!["callerUserArn"]));

        await _aws.Aws.Send(new UpdateServiceSpecificCredential(made.ServiceSpecificCredentialId, ServiceSpecificCredentialStatus.Inactive, "ann"));
        await RefusedFetch();
        await _aws.Aws.Send(new UpdateServiceSpecificCredential(made.ServiceSpecificCredentialId, ServiceSpecificCredentialStatus.Active, "ann"));
        await bo.Git("fetch", "origin");
        var reset = (await _aws.Aws.Send(new ResetServiceSpecificCredential(made.ServiceSpecificCredentialId, "ann"))).ServiceSpecificCredential;
        await RefusedFetch();
        await bo.Git("remote", "set-url", "origin", WithPassword(address, reset));
        await bo.Git("fetch", "origin");
        await _aws.Aws.Send(new DeleteServiceSpecificCredential(made.ServiceSpecificCredentialId, "ann"));
        await RefusedFetch();

        async Task RefusedFetch()
        {
            var run = await bo.Try("fetch", "origin");
            Assert.NotEqual(0, run.ExitCode);
            Assert.Contains("no active HTTPS Git credential's user name and password", run.Error, StringComparison.Ordinal);
        }
    }

    private static string WithPassword(string address, ServiceSpecificCredential credential) => address.Replace(
        "://", $"://{Uri.EscapeDataString(credential.ServiceUserName)}:{Uri.EscapeDataString(credential.ServicePassword)}@", StringComparison.Ordinal);

    [Theory]
    [InlineData("us-east-1")]
    [InlineData("ap-northeast-2")]
    public async Task The_credential_helper_of_the_aws_command_line_signs_clones_and_pushes(string region)
    {
        Assert.SkipUnless(Command.Find("aws") is not null, "the aws command line is not on this machine");
        var events = await SeenEvents.Watch(_aws);
        var made = (await _aws.Aws.Send(new CreateRepository("signed"))).RepositoryMetadata;
        var environment = new Dictionary<string, string>(_aws.Environment) { ["AWS_REGION"] = region, ["AWS_DEFAULT_REGION"] = region };
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp, environment);
        var commit = await ann.Commit("a.txt", "1");
        await ann.Git([.. Helper, "push", "--quiet", "origin", "main"]);
        using var bo = new WorkingCopy(environment);
        await bo.Git([.. Helper, "clone", "--quiet", made.CloneUrlHttp, "."]);
        Assert.Equal(commit, await bo.Git("rev-parse", "HEAD"));
        Assert.Equal(["arn:aws:iam::000000000000:user/tester"], (await events.All()).Select(e => (string?)e["detail"]!["callerUserArn"]));
    }

    [Fact]
    public async Task A_wrong_secret_is_told_from_the_right_one()
    {
        Assert.SkipUnless(Command.Find("aws") is not null, "the aws command line is not on this machine");
        var made = (await _aws.Aws.Send(new CreateRepository("wrong"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp, new Dictionary<string, string>(_aws.Environment) { ["AWS_SECRET_ACCESS_KEY"] = new('x', 40) });
        await ann.Commit("a.txt", "1");
        var run = await ann.Try([.. Helper, "push", "origin", "main"]);
        Assert.Contains("The request signature we calculated does not match", run.Error, StringComparison.Ordinal);
    }
}
