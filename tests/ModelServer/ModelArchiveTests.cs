using System.Formats.Tar;
using System.IO.Compression;
using Slipway.ModelServer.Models;

namespace Slipway.Tests.ModelServer;

public sealed class ModelArchiveTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    private string Target => Directory.CreateDirectory(Path.Combine(_folder, "in", "model")).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Files_and_folders_are_unpacked()
    {
        ModelArchive.Extract(Archive(new PaxTarEntry(TarEntryType.Directory, "code/"), File("./model.txt", "tree"), File("code/a", "b")), Target);

        Assert.Equal("tree", System.IO.File.ReadAllText(Path.Combine(Target, "model.txt")));
        Assert.Equal("b", System.IO.File.ReadAllText(Path.Combine(Target, "code", "a")));
    }

    [Theory]
    [InlineData("../model.txt")]
    [InlineData("a/../../model.txt")]
    [InlineData("/tmp/slipway-escaped.txt")]
    [InlineData("../model-beside/model.txt")]
    public void A_path_that_leaves_the_folder_is_refused(string name)
    {
        var e = Assert.Throws<InvalidDataException>(() => ModelArchive.Extract(Archive(File(name, "x")), Target));

        Assert.Contains($"'{name}' leaves the archive's folder", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.txt", SearchOption.AllDirectories));
        Assert.False(System.IO.File.Exists("/tmp/slipway-escaped.txt"));
    }

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    public void A_link_is_refused(TarEntryType type)
    {
        var e = Assert.Throws<InvalidDataException>(() => ModelArchive.Extract(Archive(new PaxTarEntry(type, "model.txt") { LinkName = "/etc/passwd" }), Target));

        Assert.Contains($"'model.txt' is a {type}", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an archive at all")]
    public void Something_else_is_refused(string content)
    {
        var path = Path.Combine(_folder, "model.tar.gz");
        System.IO.File.WriteAllText(path, content);

        Assert.Throws<InvalidDataException>(() => ModelArchive.Extract(path, Target));
    }

    [Fact]
    public void An_archive_cut_off_is_refused()
    {
        var path = Archive(File("model.txt", string.Concat(Enumerable.Range(0, 5000))));
        var bytes = System.IO.File.ReadAllBytes(path);
        System.IO.File.WriteAllBytes(path, bytes[..(bytes.Length / 2)]);

        Assert.Throws<InvalidDataException>(() => ModelArchive.Extract(path, Target));
    }

    private static PaxTarEntry File(string name, string content) =>
        new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)) };

    private string Archive(params TarEntry[] entries)
    {
        var path = Path.Combine(_folder, "model.tar.gz");
        using var file = System.IO.File.Create(path);
        using var zip = new GZipStream(file, CompressionLevel.Fastest);
        using var tar = new TarWriter(zip);
        foreach (var entry in entries)
        {
            tar.WriteEntry(entry);
        }
        return path;
    }
}
