using Microsoft.Data.Sqlite;
using Slipway.LocalAws;
using Slipway.LocalAws.Storage;

namespace Slipway.Tests.LocalAws.Storage;

public sealed class DatabaseTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("CREATE TABLE object (bucket TEXT, key TEXT)")]
    [InlineData("PRAGMA user_version = 999; CREATE TABLE object (bucket TEXT, key TEXT)")]
    public async Task A_data_directory_of_another_version_is_refused_and_left_as_it_is(string sql)
    {
        using (var other = new SqliteConnection($"DataSource={Path.Combine(_folder, "aws.db")};Pooling=false"))
        {
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = sql;
            command.ExecuteNonQuery();
        }

        var before = await File.ReadAllBytesAsync(Path.Combine(_folder, "aws.db"));
        var refused = await Assert.ThrowsAsync<DataDirectoryException>(() => LocalAwsServer.Start(new() { DataDirectory = _folder }));
        Assert.Contains($"The data directory {_folder} was written by another version of Slipway", refused.Message, StringComparison.Ordinal);
        var after = await File.ReadAllBytesAsync(Path.Combine(_folder, "aws.db"));
        // the header says that the journal is a WAL now; every table is as it was
        Assert.Equal(before[100..], after[100..]);
    }
}
