using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

/// <summary>The one database of every resource.</summary>
internal sealed class Database : SqliteFile
{
    // to be raised where a table or a kept record changes so that what another version wrote can't be read
    private const int Format = 1;

    /// <exception cref="DataDirectoryException">Another version of Slipway wrote it, in a form that this one can't read.</exception>
    public Database(LocalAwsOptions options) : base(FileIn(options))
    {
        try
        {
            CheckWhole();
            Write(c => CheckFormat(c, options.DataDirectory));
        }
        catch (Exception e)
        {
            Dispose();
            throw StorageFailure.Of(FileIn(options), e);
        }
    }

    private static string FileIn(LocalAwsOptions options) => Path.Combine(options.DataDirectory, "aws.db");

    /// <summary>What this database says decides which files of objects are swept away.</summary>
    private void CheckWhole()
    {
        var found = Read(c => c.Query("PRAGMA quick_check(1)", r => r.GetString(0)))[0];
        if (found != "ok")
        {
            throw new SqliteException(found, StorageFailure.SqliteCorrupt);
        }
    }

    private static void CheckFormat(SqliteConnection c, string directory)
    {
        var format = c.Query("PRAGMA user_version", row => row.GetInt32(0))[0];
        var isNew = c.Query("SELECT 1 FROM sqlite_master LIMIT 1", _ => true).Count == 0;
        if (format != Format && !isNew)
        {
            throw new DataDirectoryException(
                $"The data directory {directory} was written by another version of Slipway (format {format}; this one reads {Format}). Give --data another directory, or remove this one.");
        }

        c.Execute($"PRAGMA user_version = {Format}");
    }
}
