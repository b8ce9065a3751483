using System.Text.Json.Nodes;

namespace Slipway.Tests.Clients;

/// <summary>A person's <c>aws codecommit</c> commands.</summary>
public sealed class CodeCommitTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private readonly AwsCli _cli = new(aws);

    [Fact]
    public async Task A_repository_is_made_filled_read_and_deleted_from_the_command_line()
    {
        var made = JsonNode.Parse(await _cli.Output("codecommit create-repository --repository-name my-mlops-repo --tags team=ml"))!["repositoryMetadata"]!;
        Assert.Equal(new Uri(aws.Server.Endpoint, "/v1/repos/my-mlops-repo").ToString(), (string)made["cloneUrlHttp"]!);
        var first = await _cli.Output(
            "codecommit put-file --repository-name my-mlops-repo --branch-name main --file-path docs/a.md --file-content hello --query commitId --output text --cli-binary-format raw-in-base64-out 2>/dev/null"
            + " || aws codecommit put-file --repository-name my-mlops-repo --branch-name main --file-path docs/a.md --file-content hello --query commitId --output text");
        Assert.Equal(first, await _cli.Output("codecommit get-branch --repository-name my-mlops-repo --branch-name main --query branch.commitId --output text"));
        Assert.Equal("docs", await _cli.Output("codecommit get-folder --repository-name my-mlops-repo --folder-path '' --query 'subFolders[0].relativePath' --output text"));
        Assert.Equal("A", await _cli.Output($"codecommit get-differences --repository-name my-mlops-repo --after-commit-specifier {first} --query 'differences[0].changeType' --output text"));
        await _cli.Output($"codecommit create-branch --repository-name my-mlops-repo --branch-name next --commit-id {first}");
        Assert.Equal("main\tnext", await _cli.Output("codecommit list-branches --repository-name my-mlops-repo --query branches --output text"));
        await _cli.Output("codecommit update-default-branch --repository-name my-mlops-repo --default-branch-name next");
        Assert.Equal("my-mlops-repo", await _cli.Output("codecommit list-repositories --query 'repositories[].repositoryName' --output text"));
        Assert.Equal((string)made["repositoryId"]!, await _cli.Output("codecommit delete-repository --repository-name my-mlops-repo --query repositoryId --output text"));
        var missing = await _cli.Run("codecommit get-repository --repository-name my-mlops-repo");
        Assert.Contains("(RepositoryDoesNotExistException) when calling the GetRepository operation: my-mlops-repo does not exist", missing.Error, StringComparison.Ordinal);
    }
}
