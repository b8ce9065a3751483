using Slipway.Aws.CodeCommit;
using Slipway.Tests.Clients;
using Slipway.Tests.LocalAws.EventBridge;

namespace Slipway.Tests.LocalAws.CodeCommit;

/// <summary>The events of branches and tags.</summary>
public sealed class ReferenceEventsTests : IAsyncLifetime
{
    private readonly LocalAwsFixture _aws = new();

    private SeenEvents _events = null!;

    public async ValueTask InitializeAsync()
    {
        await _aws.InitializeAsync();
        _events = await SeenEvents.Watch(_aws);
    }

    public ValueTask DisposeAsync() => _aws.DisposeAsync();

    [Fact]
    public async Task Each_change_of_a_reference_is_one_event_in_AWS_s_form()
    {
        var made = (await _aws.Aws.Send(new CreateRepository("events"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        var first = await ann.Commit("a.txt", "1");
        await ann.Git("push", "--quiet", "origin", "main");
        var second = await ann.Commit("a.txt", "2");
        await ann.Git("tag", "v1");
        await ann.Git("push", "--quiet", "origin", "main", "v1");
        await ann.Git("push", "--quiet", "origin", "main");
        await _aws.Aws.Send(new CreateBranch("events", "topic", first));
        await _aws.Aws.Send(new DeleteBranch("events", "topic"));
        var events = await _events.All();
        Assert.Equal(
            [
                $"referenceCreated branch main {first} ", $"referenceUpdated branch main {second} {first}", $"referenceCreated tag v1 {second} ",
                $"referenceCreated branch topic {first} ", $"referenceDeleted branch topic  {first}",
            ],
            events.Select(e => e["detail"]!).Select(d => $"{d["event"]} {d["referenceType"]} {d["referenceName"]} {d["commitId"]} {d["oldCommitId"]}"));
        var one = events[1];
        Assert.Equal(("aws.codecommit", "CodeCommit Repository State Change", "0"), ((string)one["source"]!, (string)one["detail-type"]!, (string)one["version"]!));
        Assert.Equal([made.Arn], one["resources"]!.AsArray().Select(r => (string)r!));
        Assert.Equal(("us-east-1", "000000000000"), ((string)one["region"]!, (string)one["account"]!));
        Assert.Equal(("refs/heads/main", made.RepositoryId, "events"), ((string)one["detail"]!["referenceFullName"]!, (string)one["detail"]!["repositoryId"]!, (string)one["detail"]!["repositoryName"]!));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", (string)one["time"]!);
    }

    [Fact]
    public async Task What_git_changed_before_a_crash_is_announced_once_after_it()
    {
        var made = (await _aws.Aws.Send(new CreateRepository("crash"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        var first = await ann.Commit("a.txt", "1");
        // as if the process had died after git's change and before its announcement
        await ann.Git("push", "--quiet", Path.Combine(_aws.DataDirectory, "codecommit", made.RepositoryId + ".git"), "main:trunk");
        Assert.Empty(await _events.All());
        var orphan = Directory.CreateDirectory(Path.Combine(_aws.DataDirectory, "codecommit", "orphan.git"));
        await _aws.Restart();
        await _aws.Restart();
        Assert.Equal(first, (string)Assert.Single(await _events.All())["detail"]!["commitId"]!);
        Assert.Equal("trunk", (await _aws.Aws.Send(new GetRepository("crash"))).RepositoryMetadata.DefaultBranch);
        Assert.False(Directory.Exists(orphan.FullName));
    }

    [Fact]
    public async Task A_push_that_is_cut_off_changes_nothing_and_announces_nothing()
    {
        var made = (await _aws.Aws.Send(new CreateRepository("cut"))).RepositoryMetadata;
        using var http = new HttpClient { BaseAddress = _aws.Server.Endpoint };
        using var body = new ByteArrayContent("00b40000000000000000000000000000000000000000 "u8.ToArray());
        body.Headers.ContentType = new("application/x-git-receive-pack-request");
        using var answer = await http.PostAsync(new Uri("/v1/repos/cut/git-receive-pack", UriKind.Relative), body);
        Assert.Empty((await _aws.Aws.Send(new ListBranches(made.RepositoryName))).Branches);
        Assert.Empty(await _events.All());
    }

    [Fact]
    public async Task Pushes_to_one_repository_at_once_are_each_announced_once()
    {
        const int pushes = 8;
        var made = (await _aws.Aws.Send(new CreateRepository("busy"))).RepositoryMetadata;
        using var ann = await WorkingCopy.Of(made.CloneUrlHttp);
        await ann.Commit("a.txt", "1");
        await Task.WhenAll(Enumerable.Range(0, pushes).Select(i => ann.Git("push", "--quiet", "origin", $"main:b{i}")));
        Assert.Equal(
            Enumerable.Range(0, pushes).Select(i => $"b{i}"), (await _events.All()).Select(e => (string)e["detail"]!["referenceName"]!).Order(StringComparer.Ordinal));
    }
}
