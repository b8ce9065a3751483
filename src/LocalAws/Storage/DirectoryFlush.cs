using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Slipway.LocalAws.Storage;

/// <summary>
/// Puts the names of a directory's files on disk. To flush a file promises its bytes only; its name is the directory's
/// (fsync(2)), and SQLite flushes that of its journals likewise.
/// </summary>
internal static partial class DirectoryFlush
{
    private const int ReadOnly = 0;

    /// <summary>Returns when every file that was made in the directory before has its name on disk.</summary>
    /// <exception cref="IOException">The directory can't be opened or flushed.</exception>
    public static void Flush(string directory)
    {
        // NTFS journals names, and has no call to flush a directory
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure(directory);
        }

        try
        {
            if (fsync(descriptor) != 0)
            {
                throw Failure(directory);
            }
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    private static IOException Failure(string directory)
    {
        var error = Marshal.GetLastPInvokeError();
        // with the error number as the result code, as .NET's own file operations give it
        return new IOException($"The directory {directory} can't be flushed: {new Win32Exception(error).Message}", error);
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int close(int descriptor);
}
