using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Containers;
using Slipway.Tests.BadInput;

namespace Slipway.Tests.Fuzzing;

/// <summary>
/// The readers of archives. Their inputs are archives, whose bytes are changed, and lists of entries, whose names are: a
/// line each, a tar's type and the entry's name.
/// </summary>
/// <param name="folder">A folder of the test's own: the archives are extracted far down in it, and nothing else in it may change.</param>
internal sealed class ArchiveTargets(string folder)
{
    private const int Block = 512;
    private static readonly string[] TarWords = ["../", "/etc/x", "ustar\0", "ustar  \0", "00000000000\0", "77777777777\0", "27 path=aaaaaaaaaaaaaaaaaaa\n", "2", "x", "L", "\0\0\0\0"];
    private static readonly string[] Lists = ["0 model.txt\n5 code/\n0 code/serve.py\n0 ./a\n", "0 a/b\n0 a/c/../d\n5 c//d/.\n", "0 ../model-beside/x\n", "2 link\n0 link/x\n"];

    private string Target => Path.Combine(folder, "1", "2", "3", "model");

    private IReadOnlyList<string> Names =>
        ["../", "/", "..", ".", "./", "//", "a", "../../", "\n0 ", "\n5 ", "\n2 ", "\n1 ", "\\", "..\\", folder + "/beside/x", "../model-beside/x", "é", new string('n', 300)];

    public IEnumerable<FuzzTarget> All()
    {
        var tar = Archives.Tar(Archives.File("model.txt", "tree"), Archives.File("code/serve.py", "print()"), new GnuTarEntry(TarEntryType.Directory, new string('d', 120) + "/"));
        var small = Archives.Tar(new UstarTarEntry(TarEntryType.RegularFile, "a") { DataStream = new MemoryStream([1, 2, 3]) });
        List<byte[]> lists = [.. Lists.Select(Encoding.UTF8.GetBytes)];
        yield return new("tar", [tar, small], TarWords, input => Untar(Archives.Gzip(Summed(input))), Cost: 2);
        yield return new("tar-gz", [Archives.Gzip(tar)], TarWords, Untar, Cost: 2);
        yield return new("tar-entries", lists, Names, input => Untar(Archives.Gzip(Archives.Tar(Entries(input)))), Cost: 2);
        yield return new("zip", [Zip(lists[0])], ["PK\u0003\u0004", "PK\u0001\u0002", "PK\u0005\u0006", "../", "\0\0\0\0", "\u00ff\u00ff"], Unzip, Cost: 2);
        yield return new("zip-entries", lists, Names, input => Unzip(Zip(input)), Cost: 2);
    }

    private void Untar(byte[] archive) => Extract(to => ModelArchive.Extract(new MemoryStream(archive), to));

    private void Unzip(byte[] archive) => Extract(to => Zips.Extract(new MemoryStream(archive), to, overwrites: true, CancellationToken.None).GetAwaiter().GetResult());

    /// <summary>Extracts an archive; throws where that changes anything outside its folder, or makes anything but files and folders in it.</summary>
    private void Extract(Action<string> extract)
    {
        Directory.CreateDirectory(Target);
        var before = Outside();
        try
        {
            FuzzTargets.Expect<InvalidDataException>(() => extract(Target));
            Assert.Equal(before, Outside());
            Assert.All(new DirectoryInfo(Target).EnumerateFileSystemInfos("*", SearchOption.AllDirectories), made => Assert.Null(made.LinkTarget));
        }
        finally
        {
            Directory.Delete(Target, recursive: true);
        }
    }

    private List<string> Outside() => [.. Directory.EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories).Where(p => !p.StartsWith(Target + "/", StringComparison.Ordinal)).Order()];

    private static IEnumerable<TarEntry> Entries(byte[] list)
    {
        foreach (var (type, name) in Lines(list))
        {
            yield return type switch
            {
                '5' => new PaxTarEntry(TarEntryType.Directory, name),
                '2' => new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = "/tmp" },
                '1' => new PaxTarEntry(TarEntryType.HardLink, name) { LinkName = "../x" },
                _ => Archives.File(name, "content"),
            };
        }
    }

    private static byte[] Zip(byte[] list)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (type, name) in Lines(list))
            {
                var entry = zip.CreateEntry(name);
                // what Info-ZIP writes of a symbolic link
                entry.ExternalAttributes = type == '2' ? unchecked((int)0xA1FF0000) : 0;
                using var content = entry.Open();
                content.Write(type == '5' ? [] : "/tmp"u8);
            }
        }

        return made.ToArray();
    }

    private static IEnumerable<(char Type, string Name)> Lines(byte[] list) => Encoding.UTF8.GetString(list).Split('\n')
        .Where(l => l.Length > 2 && l[1] == ' ' && !l.Contains('\0', StringComparison.Ordinal)).Take(100).Select(l => (l[0], l[2..Math.Min(l.Length, 4000)]));

    /// <summary>A tar whose heads have the sum that they should: a reader looks at nothing of one that has another.</summary>
    private static byte[] Summed(byte[] tar)
    {
        const int at = 148, length = 8, magic = 257;
        for (var start = 0; start + Block <= tar.Length; start += Block)
        {
            var head = tar.AsSpan(start, Block);
            if (head[magic..].StartsWith("ustar"u8))
            {
                head.Slice(at, length).Fill((byte)' ');
                var sum = 0;
                foreach (var value in head)
                {
                    sum += value;
                }

                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0").CopyTo(head[at..]);
            }
        }

        return tar;
    }
}
