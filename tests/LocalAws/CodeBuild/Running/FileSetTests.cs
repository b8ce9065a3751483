using Slipway.LocalAws.CodeBuild.Running;

namespace Slipway.Tests.LocalAws.CodeBuild.Running;

/// <summary>The patterns by which buildspecs name files.</summary>
public sealed class FileSetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-files-").FullName;

    public FileSetTests()
    {
        foreach (var path in (string[])["a.txt", "b.log", "dir/a.txt", "dir/deep/er/c.txt", ".hidden/d.txt", "dir2/[x].txt"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, path))!);
            File.WriteAllText(Path.Combine(_folder, path), path);
        }

        File.CreateSymbolicLink(Path.Combine(_folder, "link.txt"), "/etc/hostname");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "linked"), "/etc");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("**/*", "", ".hidden/d.txt a.txt b.log dir/a.txt dir/deep/er/c.txt dir2/[x].txt")]
    [InlineData("*", "", "a.txt b.log")]
    [InlineData("./*.txt", "", "a.txt")]
    [InlineData("dir/*", "", "dir/a.txt")]
    [InlineData("dir/**/*", "", "dir/a.txt dir/deep/er/c.txt")]
    [InlineData("dir/**", "dir/deep/**", "dir/a.txt")]
    [InlineData("**/?.txt", "**/a.*", ".hidden/d.txt dir/deep/er/c.txt")]
    [InlineData("dir2/[x].txt", "", "dir2/[x].txt")]
    [InlineData("../*", "", "")]
    public void Patterns_name_files_and_never_through_links(string pattern, string excluded, string expected) =>
        Assert.Equal(expected, string.Join(' ', FileSet.Find(_folder, [pattern], excluded.Length > 0 ? [excluded] : []).Keys));

    [Fact]
    public void A_pattern_is_no_longer_than_a_key()
    {
        foreach (var part in new[] { "**/", "*a", "?", "a.", "**" })
        {
            var longest = string.Concat(Enumerable.Repeat(part, 1024))[..1024];
            Assert.Equal(part.StartsWith("**", StringComparison.Ordinal) ? 6 : 0, FileSet.Find(_folder, [longest], []).Count);
            Assert.Contains("is too long: it has 1025 characters", Assert.Throws<BuildFailure>(() => FileSet.Find(_folder, [longest + "a"], [])).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(null, ".")]
    [InlineData("dir/", "dir")]
    [InlineData("dir*", "dir dir2")]
    [InlineData("**/er", "dir/deep/er")]
    [InlineData("linked", "")]
    [InlineData("..", "")]
    [InlineData("/etc", "")]
    [InlineData("none", "")]
    public void Base_directories_lie_below_the_folder(string? pattern, string expected) =>
        Assert.Equal(expected, string.Join(' ', FileSet.Folders(_folder, pattern).Select(f => Path.GetRelativePath(_folder, f))));
}
