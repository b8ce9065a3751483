using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.Containers;

/// <summary>
/// The environment that every container starts with. It is made anew: nothing of local AWS's own environment, and no
/// credentials of its user, reaches a job, except what programs need to be found and to run.
/// </summary>
internal sealed class ContainerEnvironment(LocalAwsOptions options, ListeningAddress listening)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    public Dictionary<string, string> For(ContainerSpec spec)
    {
        var region = spec.Region ?? options.Region;
        var environment = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = listening.Endpoint.ToString().TrimEnd('/'),
            ["AWS_REGION"] = region,
            ["AWS_DEFAULT_REGION"] = region,
            ["AWS_EC2_METADATA_DISABLED"] = "true",
        };
        if (spec.Credential is { } credential)
        {
            environment["AWS_ACCESS_KEY_ID"] = credential.AccessKeyId;
            environment["AWS_SECRET_ACCESS_KEY"] = credential.SecretAccessKey;
            environment["AWS_SESSION_TOKEN"] = credential.SessionToken!;
        }

        foreach (var (name, value) in spec.Environment)
        {
            environment[name] = value;
        }

        return environment;
    }

    /// <summary>What a process on this machine is given beside: where programs and .NET are.</summary>
    public Dictionary<string, string> ForProcess(ContainerSpec spec)
    {
        var path = Environment.GetEnvironmentVariable("PATH") is { Length: > 0 } own ? own : DefaultPath;
        var environment = new Dictionary<string, string>
        {
            ["PATH"] = Path.GetDirectoryName(Path.GetFullPath(options.Worker)) + Path.PathSeparator + path,
            ["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ["LANG"] = "C.UTF-8",
        };
        foreach (var name in (ReadOnlySpan<string>)["DOTNET_ROOT", "DOTNET_TieredPGO", "DOTNET_TieredCompilation", "LD_LIBRARY_PATH", "SystemRoot", "TEMP"])
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                environment[name] = value;
            }
        }

        if (PlatformImage.Is(spec.Image) && spec.Arguments is not ["serve", ..])
        {
            // a job is over before the profile that instrumented code gathers for a server gives its cost back
            environment.TryAdd("DOTNET_TieredPGO", "0");
        }

        foreach (var (name, value) in For(spec))
        {
            environment[name] = value;
        }

        return environment;
    }
}
