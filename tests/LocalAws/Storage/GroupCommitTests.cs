using Slipway.LocalAws.Storage;

namespace Slipway.Tests.LocalAws.Storage;

public sealed class GroupCommitTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private readonly Database _database;

    public GroupCommitTests()
    {
        _database = new(new() { DataDirectory = _folder });
        _database.Define("CREATE TABLE number (n INTEGER PRIMARY KEY, half TEXT)");
    }

    public void Dispose()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Writes_at_the_same_time_are_each_kept_or_undone_by_themselves()
    {
        // while the first write holds the database, others gather behind it, and share a commit
        var (started, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var first = Task.Run(() => _database.Write(c =>
        {
            started.SetResult();
            go.Task.Wait();
            return c.Execute("INSERT INTO number VALUES (1000, 'first')");
        }));
        await started.Task;
        var others = Enumerable.Range(0, 200).Select(n => Task.Factory.StartNew(() => Insert(n), TaskCreationOptions.LongRunning)).ToList();
        go.SetResult();
        await first;
        for (var n = 0; n < others.Count; n++)
        {
            if (n % 7 == 0)
            {
                var failed = await Assert.ThrowsAsync<InvalidOperationException>(() => others[n]);
                Assert.Equal($"not {n}", failed.Message);
            }
            else
            {
                Assert.Equal(n, await others[n]);
            }
        }

        var kept = _database.Read(c => c.Query("SELECT n FROM number ORDER BY n", row => row.GetInt32(0)));
        Assert.Equal([.. Enumerable.Range(0, 200).Where(n => n % 7 != 0), 1000], kept);
    }

    [Fact]
    public void A_write_that_fails_leaves_the_database_open_for_the_next()
    {
        Assert.Throws<InvalidOperationException>(() => Insert(7));
        Assert.Equal(8, Insert(8));
        Assert.Equal(9, _database.Write(_ => Insert(9)));
        Assert.Equal([8, 9], _database.Read(c => c.Query("SELECT n FROM number ORDER BY n", row => row.GetInt32(0))));
    }

    private int Insert(int number) => _database.Write(c =>
    {
        c.Execute("INSERT INTO number VALUES ($1, 'half')", number);
        Assert.Contains(number, _database.Read(r => r.Query("SELECT n FROM number", row => row.GetInt32(0))));
        return number % 7 == 0 ? throw new InvalidOperationException($"not {number}") : number;
    });
}
