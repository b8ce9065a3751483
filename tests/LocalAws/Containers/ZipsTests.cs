using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Slipway.LocalAws.Containers;

namespace Slipway.Tests.LocalAws.Containers;

/// <summary>Zips from anyone: sources and caches of builds, artifacts of pipelines.</summary>
public sealed class ZipsTests : IDisposable
{
    // where the central directory has the size of an entry's content, behind its signature
    private const int SizeAt = 24;
    private static readonly DateTime Written = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Local);
    private readonly string _all = Directory.CreateTempSubdirectory("slipway-zips-").FullName;

    public ZipsTests() => Directory.CreateDirectory(To);

    private string To => Path.Combine(_all, "to");

    public void Dispose() => Directory.Delete(_all, recursive: true);

    [Fact]
    public async Task A_link_in_the_folder_leads_no_entry_out_of_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "a link there needs a privilege");
        var outside = Directory.CreateDirectory(Path.Combine(_all, "outside")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(To, "kept"), outside);
        File.CreateSymbolicLink(Path.Combine(To, "file"), Path.Combine(outside, "made"));
        foreach (var name in new[] { "kept/new", "kept/deep/new", "kept/", "file" })
        {
            foreach (var overwrites in new[] { true, false })
            {
                var refused = await Assert.ThrowsAsync<InvalidDataException>(() => Extract(Zip((name, "x")), overwrites));
                Assert.StartsWith($"'{name}' is, or is below, a link", refused.Message, StringComparison.Ordinal);
            }
        }

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task What_a_zip_says_that_it_holds_is_bounded_and_no_more_comes_out()
    {
        var large = Zip([.. Enumerable.Range(0, 5).Select(i => ($"{i}", "content"))]);
        Claim(large, uint.MaxValue - 1);
        Assert.Equal("it holds more than 16 GiB", (await Assert.ThrowsAsync<InvalidDataException>(() => Extract(large))).Message);
        Assert.Empty(Directory.GetFileSystemEntries(To));

        var many = Zip([.. Enumerable.Range(0, 100_001).Select(i => ($"{i}", ""))]);
        Assert.Equal("it holds more than 100,000 files", (await Assert.ThrowsAsync<InvalidDataException>(() => Extract(many))).Message);
        Assert.Empty(Directory.GetFileSystemEntries(To));

        var more = Zip(("more", new string('m', 1 << 20)));
        Claim(more, 10);
        await Record.ExceptionAsync(() => Extract(more));
        Assert.True(new FileInfo(Path.Combine(To, "more")) is { Exists: true, Length: <= 10 });
    }

    [Fact]
    public async Task Files_come_with_their_modes_and_times_and_the_last_of_one_name_counts()
    {
        var zip = Zip(("bin/run", "first"), ("bin/run", "last"), ("empty/", ""));
        await Extract(zip);
        Assert.Equal("last", await File.ReadAllTextAsync(Path.Combine(To, "bin", "run"), TestContext.Current.CancellationToken));
        Assert.True(Directory.Exists(Path.Combine(To, "empty")));
        Assert.Equal(Written, File.GetLastWriteTime(Path.Combine(To, "bin", "run")));
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(To, "bin", "run")).HasFlag(UnixFileMode.UserExecute));
        Assert.Contains("exists", (await Assert.ThrowsAsync<InvalidDataException>(() => Extract(zip, overwrites: false))).Message, StringComparison.Ordinal);
    }

    private Task Extract(byte[] zip, bool overwrites = true) => Zips.Extract(new MemoryStream(zip), To, overwrites, TestContext.Current.CancellationToken);

    /// <summary>Lets each entry say that it has another size than it has.</summary>
    private static void Claim(byte[] zip, uint size)
    {
        for (var i = 0; i < zip.Length - SizeAt; i++)
        {
            if (zip.AsSpan(i).StartsWith("PK\u0001\u0002"u8))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(zip.AsSpan(i + SizeAt), size);
            }
        }
    }

    private static byte[] Zip(params IEnumerable<(string Name, string Content)> entries)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                var entry = zip.CreateEntry(name);
                entry.LastWriteTime = new(Written);
                entry.ExternalAttributes = 0b111_101_101 << 16;
                using var to = entry.Open();
                to.Write(Encoding.UTF8.GetBytes(content));
            }
        }

        return made.ToArray();
    }
}
