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

    [Fact]
    public async Task Versions_tags_conditions_and_attributes_answer_the_commands_of_s3api()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "one"), "one");
        await File.WriteAllTextAsync(Path.Combine(_folder, "two"), "second");
        await _cli.Output("s3 mb s3://commands");
        await _cli.Output("s3api put-bucket-versioning --bucket commands --versioning-configuration Status=Enabled");
        var first = await _cli.Output("s3api put-object --bucket commands --key k --body one --tagging stage=test --query VersionId --output text", _folder);
        await _cli.Output("s3 cp two s3://commands/k", _folder);
        await _cli.Output($"s3api get-object --bucket commands --key k --version-id {first} back", _folder);
        Assert.Equal("one", await File.ReadAllTextAsync(Path.Combine(_folder, "back")));
        Assert.Equal("6\t3", await _cli.Output("s3api list-object-versions --bucket commands --query 'Versions[].Size' --output text"));
        Assert.Equal("stage\ttest", await _cli.Output($"s3api get-object-tagging --bucket commands --key k --version-id {first} --query 'TagSet[].[Key,Value]' --output text"));
        var taken = await _cli.Run("s3api put-object --bucket commands --key k --body one --if-none-match '*'", _folder);
        Assert.Contains("PreconditionFailed", taken.Error, StringComparison.Ordinal);
        Assert.Equal("6\tFULL_OBJECT", await _cli.Output(
            "s3api get-object-attributes --bucket commands --key k --object-attributes ObjectSize Checksum --query '[ObjectSize,Checksum.ChecksumType]' --output text"));
        await _cli.Output("s3 rm s3://commands/k");
        Assert.Equal("True", await _cli.Output("s3api list-object-versions --bucket commands --query 'DeleteMarkers[0].IsLatest' --output text"));
        await _cli.Output($"s3api copy-object --bucket commands --key k --copy-source 'commands/k?versionId={first}'");
        Assert.Equal("one", await _cli.Output("s3 cp s3://commands/k -"));
    }

    private static int Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
}
