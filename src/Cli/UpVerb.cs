using System.CommandLine;
using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Slipway.LocalAws;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary><c>slipway up</c>: local AWS in the foreground.</summary>
internal static class UpVerb
{
    private const int DefaultPort = 4566;

    public static Command Verb()
    {
        var port = new Option<int>("--port") { Description = "The port to listen on; 0 takes a free one", DefaultValueFactory = _ => DefaultPort };
        var host = new Option<string>("--host") { Description = "The address to listen on; one beyond this machine needs --require-auth", DefaultValueFactory = _ => "127.0.0.1" };
        var data = Options.Data();
        var images = new Option<string?>("--image-map") { Description = "A YAML file that says which images run as which commands" };
        var quotas = new Option<string?>("--quotas") { Description = "A YAML file with the account's quotas of instances for jobs, by SageMaker's names" };
        var auth = RequireAuth();
        var verb = new Verb("up", "Run local AWS until Ctrl-C; the same data directory goes on where it was.",
            "up", "up --port 0 --data /tmp/rehearsal", "up --image-map images.yaml", "up --quotas quotas.yaml", "up --require-auth credentials")
        {
            port, host, data, images, quotas, auth,
        };
        verb.SetAction((parsed, cancellation) => Run(new LocalAwsOptions
        {
            DataDirectory = Options.Folder("--data", parsed.GetValue(data)!),
            Port = Port(parsed.GetValue(port)),
            Address = Address(parsed.GetValue(host)!),
            ImageMap = File(parsed, images),
            Quotas = File(parsed, quotas),
            RequireAuth = File(parsed, auth),
            Region = LocalEnvironment.Region,
        }, cancellation));
        return verb;
    }

    /// <summary>The option of verbs that start a local AWS which checks signatures.</summary>
    public static Option<string?> RequireAuth() => new("--require-auth")
    {
        Description = "A file of credentials, as the aws command line has it; every request must then be signed by one of them",
    };

    /// <summary>The full path of the file that an option names, or null where it is not given.</summary>
    /// <exception cref="BadInputException">There is no such file.</exception>
    public static string? File(ParseResult parsed, Option<string?> option) =>
        parsed.GetValue(option) is { } path ? Path.GetFullPath(Options.Existing(option.Name, path)) : null;

    private static int Port(int port) => port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort ? port
        : throw new BadInputException($"--port {port} is not a port: {IPEndPoint.MinPort} to {IPEndPoint.MaxPort}, where 0 takes a free one.");

    private static IPAddress Address(string host) => host == "localhost" ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) ? address
        : throw new BadInputException($"--host '{host}' is not an IP address. Use 127.0.0.1 for this machine alone.");

    private static async Task<int> Run(LocalAwsOptions options, CancellationToken cancellation)
    {
        // Ctrl-C is listened for once a verb has first waited: a start that never does would tell of it too early
        await Task.Yield();
        await using var server = await Start(options, cancellation);
        Console.WriteLine($"Local AWS listens on {server.Endpoint.ToString().TrimEnd('/')} and keeps its data in {options.DataDirectory}");
        Console.WriteLine("To use it from another shell:");
        Console.WriteLine();
        foreach (var (name, value) in LocalEnvironment.Of(server, options.RequireAuth))
        {
            Console.WriteLine($"  export {name}={value}");
        }

        if (RemoteHelperScript.Foreign is not null)
        {
            PrintForRemoteHelper(server);
        }

        Console.WriteLine();
        Console.WriteLine("Then: ./slipway setup   makes a bucket, a role and a model package group there");
        Console.WriteLine("Ctrl-C stops it.");
        await StopSignal(cancellation);
        Console.WriteLine("Stopping …");
        return ExitCode.Done;
    }

    /// <summary>AWS's own git-remote-codecommit takes a host instead of an address, and speaks TLS to it.</summary>
    private static void PrintForRemoteHelper(LocalAwsServer server)
    {
        Console.WriteLine();
        Console.WriteLine("For AWS's git-remote-codecommit (codecommit:: addresses) also:");
        Console.WriteLine();
        Console.WriteLine($"  export CODE_COMMIT_ENDPOINT={server.Endpoint.Authority}");
        Console.WriteLine($"  export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.https://{server.Endpoint.Authority}/.sslCAInfo GIT_CONFIG_VALUE_0={server.CertificateFile}");
    }

    /// <summary>Starts a local AWS.</summary>
    /// <exception cref="BadInputException">The options can't be used.</exception>
    public static async Task<LocalAwsServer> Start(LocalAwsOptions options, CancellationToken cancellation)
    {
        try
        {
            return await LocalAwsServer.Start(options, cancellation);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new BadInputException($"Port {options.Port} of {options.Address} is in use. Stop what listens there, or choose another with --port (0 takes a free one).", e);
        }
        catch (InvalidDataException e)
        {
            throw new BadInputException(e.Message, e);
        }
    }

    private static async Task StopSignal(CancellationToken cancellation)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = cancellation.Register(stopped.SetResult);
        await stopped.Task;
    }
}

/// <summary>The variables that lead a client to a local AWS.</summary>
internal static class LocalEnvironment
{
    /// <summary>The region of a local AWS: AWS_REGION where set, else the manual's.</summary>
    public static string Region => Options.Variable("AWS_REGION") ?? "ap-northeast-2";

    public static IEnumerable<(string Name, string Value)> Of(LocalAwsServer server, string? credentialsFile) =>
    [
        ("AWS_ENDPOINT_URL", server.Endpoint.ToString().TrimEnd('/')),
        .. credentialsFile is null
            ? (IEnumerable<(string, string)>)[("AWS_ACCESS_KEY_ID", "local"), ("AWS_SECRET_ACCESS_KEY", "local")]
            : [("AWS_SHARED_CREDENTIALS_FILE", credentialsFile), ("AWS_PROFILE", server.Profile!)],
        ("AWS_REGION", Region),
        ("AWS_DEFAULT_REGION", Region),
    ];

    /// <summary>The credentials that a local AWS takes: any, or the first in its file.</summary>
    public static AWSCredentials Credentials(LocalAwsServer server, string? credentialsFile) =>
        credentialsFile is not null && new CredentialProfileStoreChain(credentialsFile).TryGetAWSCredentials(server.Profile, out var credentials)
            ? credentials : new BasicAWSCredentials("local", "local");
}
