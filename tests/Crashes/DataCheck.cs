using Microsoft.Data.Sqlite;

namespace Slipway.Tests.Crashes;

/// <summary>Looks at a data directory that nobody works in.</summary>
internal static class DataCheck
{
    /// <summary>Fails where a database is damaged.</summary>
    public static void Databases(string data)
    {
        foreach (var file in Directory.EnumerateFiles(data, "*.db"))
        {
            using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check";
            Assert.Equal("ok", command.ExecuteScalar());
        }
    }
}
