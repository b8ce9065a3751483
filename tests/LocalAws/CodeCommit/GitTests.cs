using System.Security.Cryptography;
using Slipway.Aws.CodeCommit;
using Slipway.Tests.Clients;

namespace Slipway.Tests.LocalAws.CodeCommit;

/// <summary>The real git against CodeCommit's address for it.</summary>
public sealed class GitTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    [Fact]
    public async Task What_is_pushed_can_be_cloned_fetched_and_read_by_the_API()
    {
        var address = await Make("round-trip");
        using var ann = await WorkingCopy.Of(address);
        var first = await ann.Commit("a.txt", "one");
        await ann.Git("tag", "--annotate", "--message=first", "v1");
        await ann.Git("push", "--quiet", "origin", "main", "v1");
        using var bo = new WorkingCopy();
        await bo.Git("clone", "--quiet", address, ".");
        Assert.Equal(first, await bo.Git("rev-parse", "main"));
        var second = await ann.Commit("a.txt", "two");
        await ann.Git("push", "--quiet", "origin", "main", "main:refs/heads/topic/x");
        await bo.Git("pull", "--quiet");
        Assert.Equal("two", await System.IO.File.ReadAllTextAsync(Path.Combine(bo.Folder, "a.txt")));
        Assert.Equal("first", await bo.Git("tag", "--list", "--format=%(contents)", "v1"));
        Assert.Equal("main", (await aws.Aws.Send(new GetRepository("round-trip"))).RepositoryMetadata.DefaultBranch);
        Assert.Equal(second, (await aws.Aws.Send(new GetBranch("round-trip", "topic/x"))).Branch.CommitId);
        Assert.Equal(first, (await aws.Aws.Send(new GetFile("round-trip", "a.txt", "v1"))).CommitId);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Every_version_of_the_protocol_clones_and_shallow_clones_deepen(int version)
    {
        var address = await Make($"shallow-{version}");
        using var ann = await WorkingCopy.Of(address);
        foreach (var i in Enumerable.Range(0, 5))
        {
            await ann.Commit("a.txt", i.ToString());
        }

        await ann.Git("push", "--quiet", "origin", "main");
        using var bo = new WorkingCopy();
        await bo.Git("-c", $"protocol.version={version}", "clone", "--quiet", "--depth", "2", address, ".");
        Assert.Equal("2", await bo.Git("rev-list", "--count", "HEAD"));
        await bo.Git("-c", $"protocol.version={version}", "fetch", "--quiet", "--unshallow");
        Assert.Equal("5", await bo.Git("rev-list", "--count", "HEAD"));
    }

    [Fact]
    public async Task A_request_for_many_branches_is_compressed_and_understood()
    {
        const int branches = 30;
        var address = await Make("many");
        using var ann = await WorkingCopy.Of(address);
        foreach (var i in Enumerable.Range(0, branches))
        {
            await ann.Commit("a.txt", i.ToString());
            await ann.Git("branch", $"b{i}");
        }

        await ann.Git("push", "--quiet", "--all", "origin");
        using var bo = new WorkingCopy(new Dictionary<string, string> { ["GIT_CURL_VERBOSE"] = "1" });
        var clone = await bo.Try("clone", "--quiet", address, ".");
        Assert.Contains("Content-Encoding: gzip", clone.Error, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(branches, (await bo.Git("branch", "--remotes", "--list", "origin/b*")).Split('\n').Length);
    }

    [Fact]
    public async Task A_large_push_streams_through()
    {
        // over the 30 MB that Kestrel takes by itself, and the 16 MB of other services
        const int size = 32 << 20;
        var address = await Make("large");
        using var ann = await WorkingCopy.Of(address);
        var content = RandomNumberGenerator.GetBytes(size);
        await System.IO.File.WriteAllBytesAsync(Path.Combine(ann.Folder, "large.bin"), content);
        // what is random gets no smaller, and git would spend seconds on trying
        await ann.Git("config", "core.compression", "0");
        var commit = await ann.Commit("a.txt", "small");
        await ann.Git("push", "--quiet", "origin", "main");
        using var bo = new WorkingCopy();
        await bo.Git("clone", "--quiet", address, ".");
        Assert.Equal(commit, await bo.Git("rev-parse", "HEAD"));
        Assert.Equal(SHA256.HashData(content), SHA256.HashData(await System.IO.File.ReadAllBytesAsync(Path.Combine(bo.Folder, "large.bin"))));
    }

    [Fact]
    public async Task A_push_that_is_not_a_fast_forward_is_rejected_unless_it_is_forced()
    {
        var address = await Make("forced");
        using var ann = await WorkingCopy.Of(address);
        await ann.Commit("a.txt", "1");
        await ann.Commit("a.txt", "2");
        await ann.Git("push", "--quiet", "origin", "main");
        await ann.Git("reset", "--quiet", "--hard", "HEAD~1");
        var other = await ann.Commit("a.txt", "3");
        var rejected = await ann.Try("push", "origin", "main");
        Assert.NotEqual(0, rejected.ExitCode);
        Assert.Contains("non-fast-forward", rejected.Error, StringComparison.Ordinal);
        await ann.Git("push", "--quiet", "--force", "origin", "main");
        Assert.Equal(other, (await aws.Aws.Send(new GetBranch("forced", "main"))).Branch.CommitId);
    }

    [Fact]
    public async Task The_default_branch_is_not_deleted_by_a_push_and_another_is()
    {
        var address = await Make("deleting");
        using var ann = await WorkingCopy.Of(address);
        await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main:trunk");
        await ann.Git("push", "--quiet", "origin", "main:other");
        Assert.Equal("trunk", (await aws.Aws.Send(new GetRepository("deleting"))).RepositoryMetadata.DefaultBranch);
        var rejected = await ann.Try("push", "origin", "--delete", "trunk");
        Assert.NotEqual(0, rejected.ExitCode);
        Assert.Contains("deletion of the current branch prohibited", rejected.Error, StringComparison.Ordinal);
        await ann.Git("push", "--quiet", "origin", "--delete", "other");
        Assert.Equal(["trunk"], (await aws.Aws.Send(new ListBranches("deleting"))).Branches);
        using var bo = new WorkingCopy();
        await bo.Git("clone", "--quiet", address, ".");
        Assert.Equal("trunk", await bo.Git("branch", "--show-current"));
    }

    [Fact]
    public async Task A_push_to_a_repository_that_is_not_there_or_to_a_bad_reference_says_why()
    {
        var address = await Make("bad");
        using var ann = await WorkingCopy.Of(address.Replace("/bad", "/none", StringComparison.Ordinal));
        await ann.Commit("a.txt", "1");
        var missing = await ann.Try("push", "origin", "main");
        Assert.Contains("There is no repository named none", missing.Error, StringComparison.Ordinal);
        Assert.Contains("not found", missing.Error, StringComparison.Ordinal);
        await ann.Git("remote", "set-url", "origin", address);
        await ann.Git("push", "--quiet", "origin", "main:refs/heads/a");
        var conflict = await ann.Try("push", "origin", "main:refs/heads/a/b");
        Assert.NotEqual(0, conflict.ExitCode);
        Assert.Contains("[remote rejected]", conflict.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_the_smart_protocol_is_served_and_no_path_leads_out_of_a_repository()
    {
        await Make("files");
        using var http = new HttpClient { BaseAddress = aws.Server.Endpoint };
        foreach (var path in (string[])["files/HEAD", "files/info/refs", "files/objects/info/packs", "files", "", "files/../../aws.db", "%2e%2e/aws.db", "files/config"])
        {
            var answer = await http.GetAsync(new Uri("/v1/repos/" + path, UriKind.Relative));
            Assert.False(answer.IsSuccessStatusCode, path);
        }
    }

    [Fact]
    public async Task A_repository_that_is_renamed_keeps_its_content_and_one_that_is_deleted_is_gone()
    {
        var address = await Make("old-name");
        using var ann = await WorkingCopy.Of(address);
        var commit = await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        await aws.Aws.Send(new UpdateRepositoryName("old-name", "new-name"));
        var renamed = (await aws.Aws.Send(new GetRepository("new-name"))).RepositoryMetadata;
        await ann.Git("remote", "set-url", "origin", renamed.CloneUrlHttp);
        Assert.StartsWith(commit, await ann.Git("ls-remote", "origin", "main"), StringComparison.Ordinal);
        await aws.Aws.Send(new DeleteRepository("new-name"));
        Assert.NotEqual(0, (await ann.Try("fetch", "origin")).ExitCode);
        Assert.False(Directory.Exists(Path.Combine(aws.DataDirectory, "codecommit", renamed.RepositoryId + ".git")));
    }

    private async Task<string> Make(string name) => (await aws.Aws.Send(new CreateRepository(name))).RepositoryMetadata.CloneUrlHttp;
}
