namespace Slipway.Steps.Data;

/// <summary>Files that are there whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a text file.</summary>
    public static void Write(string path, string text)
    {
        File.WriteAllText(path + ".part", text);
        Commit(path + ".part", path);
    }

    /// <summary>Gives a finished file its name, after its bytes are on the disk.</summary>
    public static void Commit(string temporary, string path)
    {
        using (var file = new FileStream(temporary, FileMode.Open, FileAccess.ReadWrite))
        {
            file.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }
}
