using System.Net;
using Microsoft.Data.Sqlite;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Storage;

/// <summary>Failures of the disk under local AWS, in words for its user. What failed so was not done: nothing of it is kept.</summary>
internal static class StorageFailure
{
    /// <summary>https://www.sqlite.org/rescode.html#corrupt</summary>
    public const int SqliteCorrupt = 11;

    // https://www.sqlite.org/rescode.html
    private const int SqliteReadOnly = 8;
    private const int SqliteIoError = 10;
    private const int SqliteFull = 13;

    /// <summary>https://www.sqlite.org/rescode.html#ioerr_shmsize: no room for the index of the write-ahead log.</summary>
    private const int SqliteNoRoomForIndex = 4874;
    private const int SqliteCantOpen = 14;
    private const int SqliteNotADatabase = 26;

    // errno(3), which .NET gives as the result code outside Windows
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether there was no room left.</summary>
    public static bool IsFull(Exception e) =>
        e is SqliteException { SqliteErrorCode: SqliteFull } or SqliteException { SqliteExtendedErrorCode: SqliteNoRoomForIndex } or IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull };

    /// <summary>A failure to open a database, with its file where it is damaged.</summary>
    public static Exception Of(string database, Exception e) =>
        e is SqliteException damage && IsDamage(damage) ? new DataDirectoryException(Damaged($"The database {database}", damage), e) : e;

    /// <summary>What has happened to the data directory and what to do, or null where an exception says nothing of the disk.</summary>
    public static string? Explain(Exception e, string directory) => e switch
    {
        DataDirectoryException => e.Message,
        _ when IsFull(e) => $"The disk of the data directory {directory} is full. Free space on it and try again; everything that was acknowledged is kept.",
        SqliteException damage when IsDamage(damage) => Damaged($"A database in the data directory {directory}", damage),
        SqliteException { SqliteErrorCode: SqliteReadOnly or SqliteIoError or SqliteCantOpen } or UnauthorizedAccessException or IOException =>
            $"The data directory {directory} can't be used: {e.Message.TrimEnd('.')}. See to its permissions and its disk, or choose another with --data.",
        _ => null,
    };

    /// <summary>The error that a request is answered with, or null where an exception is no failure of the disk.</summary>
    public static AwsException? Answer(Exception e, string directory) => Explain(e, directory) is not { } why ? null
        // clients repeat a 500 by themselves, and a full disk is not helped by that
        : IsFull(e) ? new("InsufficientStorage", HttpStatusCode.InsufficientStorage, why, inner: e)
        : new("InternalFailure", HttpStatusCode.InternalServerError, why, inner: e);

    private static bool IsDamage(SqliteException e) => e.SqliteErrorCode is SqliteCorrupt or SqliteNotADatabase;

    private static string Damaged(string database, SqliteException e) =>
        $"{database} is damaged ({e.Message.ReplaceLineEndings(" ").Trim()}). Nothing in it was changed. Restore the data directory from a backup, or choose another with --data.";
}
