using Slipway.Tests.Clients;
using Slipway.Workflow.DataSets;

namespace Slipway.Tests.Cli;

/// <summary><c>slipway new</c>: the repository that a person pushes.</summary>
public sealed class NewVerbTests : IDisposable
{
    private static readonly string[] Names = [".gitignore", "README.md", "buildspec-deploy.yml", "buildspec-promote.yml", "buildspec.yml", "cdk.json", "data-set.yaml"];

    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-new-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_makes_the_files_of_the_template_and_says_how_to_go_on()
    {
        var target = Path.Combine(_folder, "a", "my-mlops");
        var run = await Slipway("new", target);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains("README.md", run.Output, StringComparison.Ordinal);
        Assert.Equal(Names, Directory.GetFiles(target).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        foreach (var name in Names)
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "template", name)), await File.ReadAllTextAsync(Path.Combine(target, name)));
        }
    }

    [Fact]
    public async Task The_files_can_be_written_into_an_empty_clone()
    {
        Directory.CreateDirectory(Path.Combine(_folder, ".git"));
        var run = await Slipway("new", _folder);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.True(File.Exists(Path.Combine(_folder, "buildspec.yml")));
    }

    [Fact]
    public async Task With_a_CSV_the_specification_is_that_of_its_columns()
    {
        var csv = Path.Combine(_folder, "sample.csv");
        Assert.Equal(0, (await Slipway("sample", "--rows", "200", "--output", csv)).ExitCode);
        var target = Path.Combine(_folder, "mine");
        var run = await Slipway("new", target, "--csv", csv);
        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Contains(DataSetSpecification.Load(Path.Combine(target, "data-set.yaml")).Features, f => f.Column == "device_type");
    }

    [Fact]
    public async Task A_folder_with_something_in_it_is_refused_and_left_as_it_is()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "mine");
        var run = await Slipway("new", _folder);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("notes.txt is there", run.Error, StringComparison.Ordinal);
        Assert.Equal(["notes.txt"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("is a file", "new", "here.txt")]
    [InlineData("nothing.csv", "new", "there", "--csv", "nothing.csv")]
    public async Task A_file_as_the_folder_and_a_missing_CSV_are_refused(string named, params string[] arguments)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "here.txt"), "");
        var run = await Slipway(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_folder, "there")));
    }

    private Task<Command> Slipway(params string[] arguments) =>
        Command.Slipway(arguments, new Dictionary<string, string>(), _folder);
}
