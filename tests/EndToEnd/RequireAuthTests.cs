using Amazon.Runtime.CredentialManagement;
using Slipway.Aws.Client;
using Slipway.Aws.Sts;
using Slipway.Tests.Clients;

namespace Slipway.Tests.EndToEnd;

/// <summary>The command line with a local AWS that checks every signature.</summary>
public sealed class RequireAuthTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-auth-").FullName;
    private readonly string _file;

    public RequireAuthTests()
    {
        _file = Path.Combine(_folder, "credentials");
        File.WriteAllText(_file, "[alice]\naws_access_key_id = AKIAALICEALICEALICE1\naws_secret_access_key = alice/secret/of/forty/characters/in/all1\n");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_demo_goes_the_whole_way_with_signatures_checked()
    {
        var settings = new Dictionary<string, string> { ["DATA_BUCKET"] = "", ["SM_EXEC_ROLE_ARN"] = "", ["AWS_REGION"] = "us-east-1" };
        var run = await Command.Slipway(
            ["demo", "--rows", "1500", "--data", Path.Combine(_folder, "data"), "--require-auth", _file], settings, _folder);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("ad-click-prediction-endpoint answers with version 1", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("alice/secret", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_full_demo_goes_through_both_pipelines_with_signatures_checked()
    {
        var settings = new Dictionary<string, string>
        {
            ["DATA_BUCKET"] = "", ["SM_EXEC_ROLE_ARN"] = "", ["AWS_REGION"] = "us-east-1", ["AWS_ACCESS_KEY_ID"] = "AKIASOMEBODYSOTHERKEY", ["AWS_SECRET_ACCESS_KEY"] = "another",
        };
        var run = await Command.Slipway(
            ["demo", "--full", "--rows", "1500", "--data", Path.Combine(_folder, "data"), "--require-auth", _file], settings, _folder);
        Assert.True(run.ExitCode == 0, run.ToString());
        foreach (var told in new[]
        {
            "Promote my-mlops-repo-dev: A first model", "Version 1 of ad-click-models is Approved: Approved for deployment", "It was not trained again",
            "Endpoint ad-click-prediction-endpoint: InService, version 1", "Promoted my-mlops-repo-dev to my-mlops-repo",
        })
        {
            Assert.Contains(told, run.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("alice/secret", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_up_prints_leads_a_client_to_the_first_user_of_the_file()
    {
        using var up = await LaunchedUp.Start([.. LaunchedUp.CommandLine(Path.Combine(_folder, "data"), port: 0), "--host", "0.0.0.0", "--require-auth", _file]);
        Assert.Equal("127.0.0.1", up.Endpoint.Host);
        Assert.DoesNotContain("AWS_SECRET_ACCESS_KEY", up.Exports.Keys);
        Assert.True(new CredentialProfileStoreChain(up.Exports["AWS_SHARED_CREDENTIALS_FILE"]).TryGetAWSCredentials(up.Exports["AWS_PROFILE"], out var credentials));
        using var session = new AwsSession(up.Endpoint, credentials, up.Exports["AWS_REGION"]);
        Assert.Equal("arn:aws:iam::000000000000:user/alice", (await session.Aws.Send(new GetCallerIdentity())).Arn);
        Assert.Equal(0, await up.Interrupt());
    }
}
