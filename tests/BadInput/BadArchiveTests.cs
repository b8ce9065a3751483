using System.Formats.Tar;
using System.Text;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.S3;
using Slipway.LocalAws.S3.Store;
using Slipway.Tests.Clients;

namespace Slipway.Tests.BadInput;

/// <summary>The table of bad model.tar.gz files, through CreateEndpoint.</summary>
public sealed class BadArchiveTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private const string Bucket = "models";

    private static readonly Dictionary<string, (Func<byte[]> Archive, string Reason)> Table = new()
    {
        ["a path that climbs out"] = (() => Of("../escaped"), "can't be unpacked: '../escaped' leaves the archive's folder."),
        ["a path that climbs out of a folder inside"] = (() => Of("a/../../escaped"), "can't be unpacked: 'a/../../escaped' leaves the archive's folder."),
        ["a folder beside that begins with the same name"] = (() => Of("../model-escaped/x"), "can't be unpacked: '../model-escaped/x' leaves the archive's folder."),
        ["an absolute path"] = (() => Of("/tmp/slipway-escaped"), "can't be unpacked: '/tmp/slipway-escaped' leaves the archive's folder."),
        ["a folder that climbs out"] = (() => Archives.Gzip(Archives.Tar(new PaxTarEntry(TarEntryType.Directory, "../escaped/"))), "can't be unpacked: '../escaped/' leaves the archive's folder."),
        ["a symbolic link"] = (() => Link(TarEntryType.SymbolicLink), "can't be unpacked: 'link' is a SymbolicLink; a model holds files and folders only."),
        ["a hard link"] = (() => Link(TarEntryType.HardLink), "can't be unpacked: 'link' is a HardLink; a model holds files and folders only."),
        ["a pipe"] = (() => Archives.Gzip(Archives.Tar(new PaxTarEntry(TarEntryType.Fifo, "pipe"))), "can't be unpacked: 'pipe' is a Fifo; a model holds files and folders only."),
        ["17 GiB"] = (() => Archives.Gzip(Archives.Head("bomb", '0', 17L << 30)), "can't be unpacked: it holds more than 16 GiB."),
        ["100,001 folders"] = (
            () => Archives.Gzip(Archives.Tar(Enumerable.Range(0, 100_001).Select(_ => new UstarTarEntry(TarEntryType.Directory, "a/")))),
            "can't be unpacked: it holds more than 100,000 files."),
        ["attributes of 1 GiB"] = (
            () => Archives.Gzip([.. Archives.Head("attributes", 'x', 1 << 30), .. new byte[3 << 20]]),
            "can't be unpacked: an entry's name and attributes take more than 1 MiB."),
        ["a file where a folder is"] = (() => Archives.Gzip(Archives.Tar(Archives.File("a/b", "x"), Archives.File("a", "x"))), "can't be unpacked: 'a' is a file, and a folder too."),
        ["a folder where a file is"] = (() => Archives.Gzip(Archives.Tar(Archives.File("a", "x"), Archives.File("a/b/c", "x"))), "can't be unpacked: 'a/b/c' has a folder where a file is already."),
        ["no gzip"] = (() => Encoding.ASCII.GetBytes("not an archive at all"), "can't be unpacked: it is no gzip file."),
        ["no tar"] = (() => Archives.Gzip(new string('x', 600).Select(c => (byte)c).ToArray()), "can't be unpacked: it is no tar file, or a damaged one."),
        ["nothing"] = (() => [], "can't be unpacked: it is no gzip file."),
        ["cut off"] = (() => Of("model.txt")[..^40], "can't be unpacked: it is cut off."),
    };

    public static TheoryData<string> Cases => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_endpoint_of_it_fails_and_says_why_and_nothing_is_left(string name)
    {
        var (archive, reason) = Table[name];
        var endpoint = "archive-" + Table.Keys.ToList().IndexOf(name);
        if (aws.Server.Part<Buckets>().Find(Bucket) is null)
        {
            aws.Server.Part<Buckets>().Create(Bucket, "us-east-1");
        }

        await aws.Server.Part<ObjectStore>().Put(Bucket, endpoint, new MemoryStream(archive()));
        await aws.Aws.Send(new CreateModel(endpoint, aws.RoleArn, new(Image: LocalAwsFixture.CommandImage, ModelDataUrl: $"s3://{Bucket}/{endpoint}")));
        await aws.Aws.Send(new CreateEndpointConfig(endpoint, [new("AllTraffic", endpoint, 1, "ml.m5.large", 1)]));
        await aws.Aws.Send(new CreateEndpoint(endpoint, endpoint));
        var state = await Patience.Until(() => aws.Aws.Send(new DescribeEndpoint(endpoint)), e => e.EndpointStatus != EndpointStatus.Creating);
        Assert.Equal(EndpointStatus.Failed, state.EndpointStatus);
        Assert.Equal($"Failed to extract model data from URL: \"s3://{Bucket}/{endpoint}\". It {reason}", state.FailureReason);
        Assert.Empty(Directory.GetFileSystemEntries(aws.DataDirectory, "*escaped*", SearchOption.AllDirectories));
        Assert.False(File.Exists("/tmp/slipway-escaped"));
        Assert.Empty(Directory.GetFileSystemEntries(aws.DataDirectory, "model", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_right_one_is_unpacked_with_its_folders_and_the_last_of_two_counts()
    {
        var folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
        try
        {
            var archive = Archives.Gzip(Archives.Tar(
                new PaxTarEntry(TarEntryType.Directory, "code/"), Archives.File("./model.txt", "old"), Archives.File("code/a", "b"), Archives.File("model.txt", "new"), Archives.File("..data/x", "y")));
            ModelArchive.Extract(new MemoryStream(archive), folder);
            Assert.Equal("new", File.ReadAllText(Path.Combine(folder, "model.txt")));
            Assert.Equal("b", File.ReadAllText(Path.Combine(folder, "code", "a")));
            Assert.Equal("y", File.ReadAllText(Path.Combine(folder, "..data", "x")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Of(string name) => Archives.Gzip(Archives.Tar(Archives.File(name, string.Concat(Enumerable.Range(0, 2000)))));

    private static byte[] Link(TarEntryType type) => Archives.Gzip(Archives.Tar(new PaxTarEntry(type, "link") { LinkName = "/etc/passwd" }));
}
