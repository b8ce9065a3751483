using System.Globalization;
using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.Iam;
using Slipway.Aws.SageMaker;
using Slipway.Tests.Clients;
using Slipway.Tests.EndToEnd;
using Unix = Slipway.LocalAws.Containers.Unix;

namespace Slipway.Tests.Crashes;

/// <summary>Containers that a Docker engine runs on when local AWS is killed; the engine is a program that keeps a process for each.</summary>
public sealed class DockerLeftoversTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("slipway-docker-").FullName;

    public void Dispose()
    {
        foreach (var container in Containers())
        {
            Unix.Signal(container, Unix.SigKill);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_start_after_a_kill_removes_the_containers_of_its_data_directory_and_no_others()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Command.Find("setsid") is not null, "setsid is not on this machine");
        WriteEngine();
        var data = Path.Combine(_folder, "data");
        using (var up = await Start(data))
        {
            await RunJob(up);
            await Patience.Until(() => Task.FromResult(Containers().Count == 1));
            await up.Kill();
        }

        var left = Assert.Single(Containers());
        Assert.True(Directory.Exists($"/proc/{left}"), "the container outlives local AWS");
        using (var other = await Start(Path.Combine(_folder, "other")))
        {
            await other.Kill();
        }

        using var elsewhere = await Start(Path.Combine(_folder, "other"));
        Assert.Equal([left], Containers());
        Assert.Equal(0, await elsewhere.Interrupt());

        using var again = await Start(data);
        Assert.DoesNotContain(left, Containers());
        Assert.False(Directory.Exists($"/proc/{left}"), "the container is gone once local AWS listens");
        // the job begins anew, in a container of its own
        await Patience.Until(() => Task.FromResult(Containers().Count == 1));
        Assert.Equal(0, await again.Interrupt());
    }

    /// <summary>A docker that runs each container as a process apart from its own, as an engine does.</summary>
    private void WriteEngine()
    {
        var program = Path.Combine(_folder, "docker");
        File.WriteAllText(program, $$"""
            #!/bin/sh
            cd {{_folder}}
            case "$1" in
              version) echo 1 ;;
              run)
                shift
                while [ "$1" != "${1#--}" ]; do
                  case "$1" in
                    --rm|--init|--interactive) shift ;;
                    --label) label=$2; shift 2 ;;
                    --name) name=$2; shift 2 ;;
                    *) shift 2 ;;
                  esac
                done
                setsid sleep 600 < /dev/null > /dev/null 2>&1 &
                echo "$name $label" > $!.container
                wait $!
                rm -f $!.container ;;
              ps)
                for f in *.container; do
                  [ -f "$f" ] && grep -q " ${5#label=}\$" "$f" && echo "${f%.container}"
                done
                exit 0 ;;
              rm)
                shift 2
                for c in "$@"; do
                  for f in *.container; do
                    [ -f "$f" ] || continue
                    if [ "${f%.container}" = "$c" ] || grep -q "^$c " "$f"; then kill -9 "${f%.container}"; rm -f "$f"; fi
                  done
                done ;;
              kill)
                for f in *.container; do
                  [ -f "$f" ] && grep -q "^$4 " "$f" && kill -9 "${f%.container}"
                done ;;
            esac
            """);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private List<int> Containers() => [.. Directory.GetFiles(_folder, "*.container").Select(f => int.Parse(Path.GetFileNameWithoutExtension(f), CultureInfo.InvariantCulture))];

    private Task<LaunchedUp> Start(string data) => LaunchedUp.Start(data, 0, "env", $"PATH={_folder}:{Environment.GetEnvironmentVariable("PATH")}");

    private static async Task RunJob(LaunchedUp up)
    {
        using var aws = new AwsClient(up.Endpoint, new BasicAWSCredentials("test", "test"), "us-east-1");
        var role = (await aws.Send(new CreateRole("execution", """{"Version":"2012-10-17","Statement":[]}"""))).Role.Arn;
        await aws.Send(new CreateProcessingJob(
            "contained", new ProcessingResources(new ProcessingClusterConfig(1, "ml.m5.large", 1)), new AppSpecification("example.com/foreign:1"), role));
    }
}
