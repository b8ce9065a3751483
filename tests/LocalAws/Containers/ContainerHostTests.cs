using Slipway.Aws.SageMaker;
using Slipway.LocalAws;
using Slipway.LocalAws.Containers;
using Slipway.LocalAws.Logs;
using Slipway.LocalAws.Storage;
using Slipway.Tests.Clients;
using Command = Slipway.Tests.Clients.Command;

namespace Slipway.Tests.LocalAws.Containers;

/// <summary>What a container of local AWS can count on.</summary>
public sealed class ContainerHostTests(LocalAwsFixture aws) : IClassFixture<LocalAwsFixture>
{
    private ContainerHost Containers => aws.Server.Part<ContainerHost>();

    [Fact]
    public async Task A_container_has_an_opt_ml_of_its_own_and_can_write_nowhere_else()
    {
        var outside = Directory.CreateTempSubdirectory("slipway-outside-").FullName;
        var spec = Shell($"echo here > /opt/ml/out; pwd; touch /usr/x 2>/dev/null || echo refused; test -e {outside} || echo hidden");
        Assert.Equal(0, await Containers.Start(spec).Exited);
        Assert.Equal("here\n", await File.ReadAllTextAsync(Path.Combine(spec.MlRoot, "out")));
        Assert.Equal(["/opt/ml", "refused", "hidden"], Lines(spec));
        Directory.Delete(outside);
    }

    [Fact]
    public async Task Both_streams_reach_the_log_in_the_order_of_their_writing()
    {
        var spec = Shell("for i in 1 2 3 4 5; do echo out $i; echo error $i >&2; done; printf 'no end'; exit 7");
        var container = Containers.Start(spec);
        Assert.Equal(7, await container.Exited);
        Assert.Equal([.. Enumerable.Range(1, 5).SelectMany(i => new[] { $"out {i}", $"error {i}" }), "no end"], Lines(spec));
        Assert.EndsWith("error 5\nno end", container.LastLines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_longer_than_an_event_is_cut_between_two_characters()
    {
        var spec = Shell("head -c 262143 /dev/zero | tr '\\0' a; echo äb; echo; echo last");
        Assert.Equal(0, await Containers.Start(spec).Exited);
        Assert.Equal([new string('a', 262143), "äb", " ", "last"], Lines(spec));
    }

    [Fact]
    public async Task A_container_sees_nothing_of_the_servers_own_environment()
    {
        Environment.SetEnvironmentVariable("SLIPWAY_TEST_SECRET", "secret");
        var spec = Shell("env") with { Environment = new Dictionary<string, string> { ["GIVEN"] = "yes" }, Region = "eu-west-1" };
        Assert.Equal(0, await Containers.Start(spec).Exited);
        var lines = Lines(spec);
        Assert.Contains("GIVEN=yes", lines);
        Assert.Contains("AWS_REGION=eu-west-1", lines);
        Assert.Contains($"AWS_ENDPOINT_URL={aws.Environment["AWS_ENDPOINT_URL"]}", lines);
        Assert.DoesNotContain(lines, l => l.StartsWith("SLIPWAY_TEST_SECRET", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Stopping_asks_every_process_first()
    {
        var (spec, ready) = WhenItSays("ready", "trap 'echo asked; wait $child; exit 3' TERM; sh -c 'trap \"echo child asked; exit\" TERM; echo ready; sleep 600 & wait' & child=$!; wait $child");
        var container = Containers.Start(spec);
        await ready;
        await container.Stop(TimeSpan.FromHours(1));
        Assert.Equal(3, await container.Exited);
        Assert.Contains("asked", Lines(spec));
        Assert.Contains("child asked", Lines(spec));
    }

    [Fact]
    public async Task Who_does_not_listen_is_killed_with_its_children()
    {
        var (spec, ready) = WhenItSays("ready", "trap '' TERM; sleep 600 & echo ready; while :; do wait; done");
        var container = Containers.Start(spec);
        await ready;
        await container.Stop(TimeSpan.FromMilliseconds(50));
        Assert.Equal(137, await container.Exited);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_container_ends_whenever_in_its_start_it_is_told_to(bool asked)
    {
        // 0 to 20 ms reach from before the sandbox is made to after the command has begun
        await Parallel.ForAsync(0, 200, async (i, cancel) =>
        {
            var container = Containers.Start(Shell("sleep 600 & wait"));
            await Task.Delay(TimeSpan.FromMilliseconds(i % 20), TimeProvider.System, cancel);
            await (asked ? container.Stop(TimeSpan.FromHours(1)) : container.Kill()).WaitAsync(Patience.Limit, cancel);
        });
    }

    [Fact]
    public async Task What_a_command_leaves_running_ends_with_it()
    {
        var spec = Shell("sleep 600 & echo done");
        Assert.Equal(0, await Containers.Start(spec).Exited.WaitAsync(Patience.Limit));
    }

    [Fact]
    public void An_image_that_nothing_here_can_run_names_the_three_ways()
    {
        Assert.SkipWhen(Docker.Answers, "a Docker engine would run the image");
        var e = Assert.Throws<ContainerStartException>(() => Containers.Start(Shell("true") with { Image = "example.com/other:1" }));
        Assert.Contains("example.com/other:1", e.Message, StringComparison.Ordinal);
        Assert.Contains("slipway", e.Message, StringComparison.Ordinal);
        Assert.Contains("image map", e.Message, StringComparison.Ordinal);
        Assert.Contains("Docker", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var e = Assert.Throws<ContainerStartException>(() => Containers.Start(Shell("true") with { Entrypoint = ["no-such-program"] }));
        Assert.Contains("no-such-program", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_platforms_own_image_is_the_worker()
    {
        var spec = Shell("") with { Image = PlatformImage.Uri("123456789012", "eu-west-1", "1.0"), Entrypoint = null, Arguments = ["no-such-step"] };
        Assert.Equal(2, await Containers.Start(spec).Exited);
        Assert.Equal("There is no step 'no-such-step'.", Lines(spec)[0]);
    }

    [Fact]
    public async Task Without_bubblewrap_the_worker_takes_its_folder_from_a_variable_and_other_images_say_what_they_need()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the stand-in for the worker is a shell script");
        var options = aws.Options with { DataDirectory = Folder(), Bubblewrap = null };
        var worker = Path.Combine(options.DataDirectory, "worker");
        await File.WriteAllTextAsync(worker, "#!/bin/sh\necho $SLIPWAY_ML_ROOT\nsleep 600 &\n");
        Assert.Equal(0, (await Command.Run("chmod", ["+x", worker], aws.Environment)).ExitCode);
        await using var server = await LocalAwsServer.Start(options with { Worker = worker });
        var spec = Shell("") with { Image = PlatformImage.Uri("123456789012", "eu-west-1", "1.0"), Entrypoint = null, Arguments = ["train"] };
        var container = server.Part<ContainerHost>().Start(spec);
        Assert.Equal(0, await container.Exited.WaitAsync(Patience.Limit));
        Assert.Equal(spec.MlRoot, container.LastLines);
        var e = Assert.Throws<ContainerStartException>(() => server.Part<ContainerHost>().Start(Shell("true")));
        Assert.Contains("bubblewrap", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_image_map_with_a_mistake_is_refused_at_the_start_with_its_line()
    {
        var file = Path.Combine(Folder(), "images.yaml");
        await File.WriteAllTextAsync(file, "- image: a\n  command: []\n- image: b\n  comand: [x]\n");
        var e = Assert.Throws<InvalidDataException>(() => new ImageMap(aws.Options with { ImageMap = file }));
        Assert.Contains("line 4", e.Message, StringComparison.Ordinal);
        Assert.Contains("'comand' is unknown", e.Message, StringComparison.Ordinal);
    }

    private string Folder() => Directory.CreateDirectory(Path.Combine(aws.DataDirectory, Guid.NewGuid().ToString())).FullName;

    private ContainerSpec Shell(string script) =>
        new(LocalAwsFixture.CommandImage, Folder(), "/test", Guid.NewGuid().ToString()) { Entrypoint = ["sh", "-c", script] };

    private (ContainerSpec Spec, Task Said) WhenItSays(string line, string script)
    {
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (Shell(script) with { Output = lines => { if (lines.Any(l => l.Message == line)) { said.TrySetResult(); } } }, said.Task.WaitAsync(Patience.Limit));
    }

    private List<string> Lines(ContainerSpec spec) => aws.Server.Part<LogStore>().Read(c => c.Query(
        "SELECT message FROM log_event WHERE stream = (SELECT id FROM log_stream WHERE log_group = $1 AND name = $2) ORDER BY time, id",
        r => r.GetString(0), spec.LogGroup, spec.LogStream));
}
