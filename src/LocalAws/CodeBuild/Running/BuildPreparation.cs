using Slipway.Aws.SageMaker;
using Slipway.LocalAws.CodeBuild.Sources;
using Slipway.LocalAws.Containers;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>Gives a build its container, its sources and its environment.</summary>
internal sealed class BuildPreparation(BuildTable builds, BuildSources sources, BuildVariables variables, BuildCaches caches, ContainerHost containers)
{
    /// <summary>What the names of CodeBuild's own images start with: https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-available.html</summary>
    private const string CuratedImages = "aws/codebuild/";

    /// <summary>Lets git ask for the build's own credentials: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.git-credential-helper</summary>
    private const string CredentialHelper = """
        git config --global credential.helper '!codebuild() { if command -v slipway >/dev/null; then slipway git credential "$@"; else aws codecommit credential-helper --ignore-host-check "$@"; fi; }; codebuild' &&
        git config --global credential.useHttpPath true
        """;

    // what git asks for codecommit:: addresses; AWS's own does not follow AWS_ENDPOINT_URL
    private const string RemoteHelper = "#!/bin/sh\nexec slipway git remote-codecommit \"$@\"\n";

    /// <summary>A build that is to run now.</summary>
    public RunningBuild Begin(BuildRecord record, BuildFolder folder, BuildLog log, CancellationToken cancellation) =>
        new(record, folder, log, cancellation) { Root = containers.RootOf(Spec(record, folder)) };

    /// <summary>Starts the container.</summary>
    public Task<PhaseEnd> Provision(RunningBuild build)
    {
        File.WriteAllText(Path.Combine(build.Folder.Home, ".gitconfig"), "[safe]\n\tdirectory = *\n");
        var helper = Path.Combine(build.Folder.Programs, "git-remote-codecommit");
        File.WriteAllText(helper, RemoteHelper);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(helper, (UnixFileMode)0b111_101_101);
        }

        try
        {
            build.Shell = new(containers, Spec(build.Record, build.Folder), build.Folder, build.Log);
            return Task.FromResult(PhaseEnd.Success);
        }
        catch (ContainerStartException e)
        {
            throw new BuildFailure("BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE", e.Message, e);
        }
    }

    /// <summary>Downloads the sources, reads the buildspec and sets up what it asks for.</summary>
    public async Task<PhaseEnd> Download(RunningBuild build)
    {
        await sources.Download(build);
        builds.Change(build.Id, b => b with { Build = b.Build with { ResolvedSourceVersion = build.ResolvedVersion } });
        build.Spec = await sources.ReadBuildspec(build);
        build.Shell.Program = build.Spec.Shell;
        // the session's own credentials are secrets too
        foreach (var secret in await build.Shell.Ask("printf '%s\\0' \"${AWS_SECRET_ACCESS_KEY-}\" \"${AWS_SESSION_TOKEN-}\" >&7", build.Cancellation))
        {
            build.Log.Mask.Add(secret);
        }

        // another image may not have slipway, but the helper that works on AWS
        var path = IsMachine(build.Record) ? $"export PATH=\"{build.Root}/bin:$PATH\"" : $"export PATH=\"$PATH:{build.Root}/bin\"";
        var command = $"{variables.AfterDownload(build)}{path}\ncd \"$CODEBUILD_SRC_DIR\"\n{(build.Spec.GitCredentialHelper ? CredentialHelper : "")}";
        if (await build.Shell.Run(command, build.Cancellation) is var status and not 0)
        {
            throw new BuildFailure(BuildFailure.Yaml, $"the build's shell {build.Spec.Shell} can't be set up: exit status {status}");
        }

        await RuntimeVersions.Check(build);
        await caches.Restore(build);
        return PhaseEnd.Success;
    }

    private static bool IsMachine(BuildRecord record) =>
        PlatformImage.Is(record.Build.Environment.Image) || record.Build.Environment.Image.StartsWith(CuratedImages, StringComparison.Ordinal);

    private ContainerSpec Spec(BuildRecord record, BuildFolder folder)
    {
        var build = record.Build;
        var spec = new ContainerSpec(build.Environment.Image, folder.Container, build.Logs.GroupName ?? "", build.Logs.StreamName ?? "")
        {
            IsMachine = IsMachine(record),
            MountPoint = BuildFolder.MountPoint,
            RoleArn = build.ServiceRole,
            SessionName = "AWSCodeBuild-" + BuildFolder.NameOf(build.Id),
            Region = build.Arn.Split(':')[3],
        };
        return spec with { Environment = BuildVariables.AtStart(record, containers.RootOf(spec)) };
    }
}
