namespace Slipway.Tests.Clients;

/// <summary>The manual's and a person's <c>aws s3</c> commands.</summary>
public sealed class AwsS3Tests : IAsyncLifetime
{
    private readonly LocalAwsFixture _aws = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-s3-").FullName;
    private readonly AwsCli _cli;

    public AwsS3Tests() => _cli = new(_aws);

    public ValueTask InitializeAsync() => _aws.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _aws.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_folder_is_synchronised_listed_moved_and_removed()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "data", "sub dir"));
        await File.WriteAllTextAsync(Path.Combine(_folder, "data", "a.csv"), "a");
        await File.WriteAllTextAsync(Path.Combine(_folder, "data", "sub dir", "b+ü.csv"), "bb");
        await _cli.Output("s3 mb s3://commands", _folder);
        Assert.Equal(2, Lines(await _cli.Output("s3 sync data s3://commands/data", _folder)));
        Assert.Equal("", await _cli.Output("s3 sync data s3://commands/data", _folder));
        Assert.Contains("PRE sub dir/", await _cli.Output("s3 ls s3://commands/data/"), StringComparison.Ordinal);
        Assert.Equal(2, Lines(await _cli.Output("s3 ls s3://commands --recursive")));
        await _cli.Output("s3 mv s3://commands/data/a.csv s3://commands/moved.csv");
        await _cli.Output("s3 cp s3://commands/moved.csv back.csv", _folder);
        Assert.Equal("a", await File.ReadAllTextAsync(Path.Combine(_folder, "back.csv")));
        Assert.Equal("bb", await _cli.Output("s3 cp 's3://commands/data/sub dir/b+ü.csv' -"));
        var full = await _cli.Run("s3 rb s3://commands");
        Assert.Contains("BucketNotEmpty", full.Error, StringComparison.Ordinal);
        await _cli.Output("s3 rm s3://commands --recursive");
        Assert.Equal("", await _cli.Output("s3 ls s3://commands --recursive || true"));
        await _cli.Output("s3 rb s3://commands");
        Assert.Equal("", await _cli.Output("s3 ls"));
    }

    [Fact]
    public async Task A_large_file_goes_in_parts_and_stays_over_a_restart()
    {
        var bytes = new byte[20 << 20];
        new Random(7).NextBytes(bytes);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "large"), bytes);
        await _cli.Output("s3 mb s3://large");
        await _cli.Output("s3 cp large s3://large/one", _folder);
        await _aws.Restart();
        await _cli.Output("s3 cp s3://large/one s3://large/two");
        await _cli.Output("s3 cp s3://large/two back", _folder);
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Path.Combine(_folder, "back")));
        await _cli.Output("s3 rb s3://large --force");
        Assert.Empty(Directory.GetFiles(Path.Combine(_aws.DataDirectory, "objects"), "*", SearchOption.AllDirectories));
    }

    private static int Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
