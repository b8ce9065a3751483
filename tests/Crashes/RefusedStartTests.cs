using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;

namespace Slipway.Tests.Crashes;

/// <summary>Where <c>slipway up</c> can't work it says so in one line, exits with 2, and changes nothing.</summary>
public sealed class RefusedStartTests : IDisposable
{
    /// <summary>Long enough for a file of its own.</summary>
    private static readonly string Content = new('c', 200_000);
    private readonly string _data = Directory.CreateTempSubdirectory("slipway-start-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task A_second_up_on_one_directory_is_refused_and_the_first_goes_on()
    {
        using var first = await LaunchedUp.Start(_data, port: 0);
        var pid = await File.ReadAllTextAsync(Path.Combine(_data, "up.pid"), TestContext.Current.CancellationToken);
        await Refused(_data, $"in use by process {pid}");
        using var session = Session(first.Endpoint);
        await session.S3.PutBucketAsync("first");
        Assert.Equal(0, await first.Interrupt());
        Assert.False(File.Exists(Path.Combine(_data, "up.pid")));
    }

    [Fact]
    public async Task A_port_in_use_is_named_and_another_is_asked_for()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await Refused(_data, $"Port {port} of 127.0.0.1 is in use", port);
    }

    [Fact]
    public async Task A_directory_that_can_not_be_written_is_named()
    {
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap, which makes a folder read-only, is not on this machine");
        await Refused(_data, _data, 0, "bwrap", "--dev-bind", "/", "/", "--ro-bind", _data, _data);
        var file = Path.Combine(_data, "file");
        await File.WriteAllTextAsync(file, "no folder", TestContext.Current.CancellationToken);
        await Refused(file, $"{file} is a file, and the data directory must be a folder");
        await Refused(Path.Combine(file, "data"), file);
        await Refused("", "--data names no folder");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(65_536)]
    public async Task A_port_that_is_none_is_named(int port) => await Refused(_data, $"--port {port} is not a port: 0 to 65535", port);

    [Fact]
    public async Task A_directory_without_room_is_named()
    {
        Assert.SkipUnless(Command.Find("bwrap") is not null, "bubblewrap, which mounts a small disk, is not on this machine");
        await Refused(_data, $"The disk of the data directory {_data} is full", 0, "bwrap", "--dev-bind", "/", "/", "--size", "32768", "--tmpfs", _data);
    }

    [Theory]
    [InlineData("aws.db", 0)]
    [InlineData("aws.db", 4096)]
    [InlineData("features.db", 0)]
    [InlineData("logs.db", 0)]
    public async Task A_damaged_database_is_refused_as_it_is_and_with_it_restored_nothing_is_lost(string name, int at)
    {
        await Fill();
        var file = Path.Combine(_data, name);
        var whole = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var damaged = whole.ToArray();
        damaged.AsSpan(at, 1024).Fill(0xAA);
        await File.WriteAllBytesAsync(file, damaged, TestContext.Current.CancellationToken);
        var before = Files(name);
        await Refused(_data, $"The database {file} is damaged");
        Assert.Equal(before, Files(name));
        await File.WriteAllBytesAsync(file, whole, TestContext.Current.CancellationToken);
        await CheckContent();
    }

    [Fact]
    public async Task Objects_without_their_database_are_not_swept_away()
    {
        await Fill();
        var file = Path.Combine(_data, "aws.db");
        File.Move(file, file + ".moved");
        await Refused(_data, "has objects but no aws.db");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        await Refused(_data, "has objects but no aws.db");
        File.Move(file + ".moved", file, overwrite: true);
        await CheckContent();
    }

    [Theory]
    [InlineData("features.db", false)]
    [InlineData("logs.db", true)]
    public async Task A_database_that_is_gone_but_for_its_log_is_not_begun_anew(string name, bool isEmpty)
    {
        await Fill();
        var file = Path.Combine(_data, name);
        File.Move(file, file + ".moved");
        await File.WriteAllTextAsync(file + "-wal", "what was acknowledged", TestContext.Current.CancellationToken);
        if (isEmpty)
        {
            await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        }

        await Refused(_data, $"The database {file} is {(isEmpty ? "empty" : "gone")}, and its log {name}-wal is there");
        Assert.True(File.Exists(file + "-wal"));
        File.Delete(file + "-wal");
        File.Move(file + ".moved", file, overwrite: true);
        await CheckContent();
    }

    private async Task Fill()
    {
        using var up = await LaunchedUp.Start(_data, port: 0);
        using var session = Session(up.Endpoint);
        await session.S3.PutBucketAsync("kept");
        await session.S3.PutObjectAsync(new() { BucketName = "kept", Key = "object", ContentBody = Content });
        Assert.Equal(0, await up.Interrupt());
    }

    private async Task CheckContent()
    {
        using var up = await LaunchedUp.Start(_data, port: 0);
        using var session = Session(up.Endpoint);
        using var found = await session.S3.GetObjectAsync("kept", "object");
        using var reader = new StreamReader(found.ResponseStream);
        Assert.Equal(Content, await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await up.Interrupt());
    }

    private static async Task Refused(string data, string words, int port = 0, params IReadOnlyList<string> under)
    {
        var command = LaunchedUp.CommandLine(data, port, under);
        var run = await Command.Run(command[0], command.Skip(1), new Dictionary<string, string>());
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.StartsWith("slipway: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(words, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }

    /// <summary>A database and every object's file.</summary>
    private Dictionary<string, string> Files(string database) => Directory.EnumerateFiles(Path.Combine(_data, "objects"), "*", SearchOption.AllDirectories)
        .Append(Path.Combine(_data, database)).ToDictionary(f => f, f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    private static AwsSession Session(Uri endpoint) => new(endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
}
