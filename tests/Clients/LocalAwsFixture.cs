using Amazon.Runtime;
using Slipway.Aws.Client;
using Slipway.Aws.Iam;
using Slipway.LocalAws;
using Slipway.LocalAws.Storage;

namespace Slipway.Tests.Clients;

/// <summary>A local AWS of one test class, on a free port, with a data directory of its own and a role that jobs run as.</summary>
public sealed class LocalAwsFixture : IAsyncLifetime
{
    private const string User = "tester";
    private LocalAwsServer? _server;

    /// <summary>Whether it checks signatures.</summary>
    public bool RequireAuth { get; init; }

    /// <summary>Where its time comes from.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The credentials that its clients sign with.</summary>
    public AWSCredentials Credentials => RequireAuth ? new BasicAWSCredentials("AKIA0000000000TESTER", "a/secret+of/forty/characters/for/testing") : new BasicAWSCredentials("test", "test");

    /// <summary>Its data directory.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("slipway-test-").FullName;

    /// <summary>The options that it starts with.</summary>
    public LocalAwsOptions Options => new()
    {
        DataDirectory = DataDirectory, ImageMap = Path.Combine(Repository.Root, "tests", "Clients", "images.yaml"), Time = Time, RequireAuth = RequireAuth ? CredentialsFile : null,
        Quotas = Path.Combine(Repository.Root, "tests", "Clients", "quotas.yaml"),
    };

    /// <summary>The credentials file that it asks for.</summary>
    public string CredentialsFile => DataDirectory + ".credentials";

    /// <summary>The temporary folder of its clients, which leave things there.</summary>
    private string Scratch => DataDirectory + ".tmp";

    /// <summary>The image whose jobs run the programs of this machine, as tests/Clients/images.yaml says.</summary>
    public static string CommandImage => "000000000000.dkr.ecr.us-east-1.amazonaws.com/command:1";

    /// <summary>The running server.</summary>
    public LocalAwsServer Server => _server ?? throw new InvalidOperationException("not started");

    /// <summary>Our own client.</summary>
    public AwsClient Aws { get; private set; } = null!;

    /// <summary>The role that jobs run as.</summary>
    public string RoleArn { get; private set; } = "";

    /// <summary>What it says of its own failures.</summary>
    public string Log => Path.Combine(DataDirectory, "server.log") is var log && File.Exists(log) ? File.ReadAllText(log) : "";

    /// <summary>What a client's environment needs to reach it and nothing else.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["AWS_ENDPOINT_URL"] = Server.Endpoint.ToString().TrimEnd('/'),
        ["AWS_ACCESS_KEY_ID"] = Credentials.GetCredentials().AccessKey,
        ["AWS_SECRET_ACCESS_KEY"] = Credentials.GetCredentials().SecretKey,
        ["AWS_REGION"] = "us-east-1",
        ["AWS_DEFAULT_REGION"] = "us-east-1",
        ["AWS_EC2_METADATA_DISABLED"] = "true",
        ["AWS_CONFIG_FILE"] = Path.Combine(Repository.Root, "tests", "Clients", "aws.config"),
        ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        ["AWS_PAGER"] = "",
        ["SM_EXEC_ROLE_ARN"] = RoleArn,
        ["COMMAND_IMAGE"] = CommandImage,
        ["DATA_DIRECTORY"] = DataDirectory,
        ["TMPDIR"] = Scratch,
    };

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(Scratch);
        var credentials = await Credentials.GetCredentialsAsync();
        await File.WriteAllTextAsync(CredentialsFile, $"[{User}]\naws_access_key_id = {credentials.AccessKey}\naws_secret_access_key = {credentials.SecretKey}\n");
        await StartServer();
        var trust = """{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sagemaker.amazonaws.com"},"Action":"sts:AssumeRole"}]}""";
        RoleArn = (await Aws.Send(new CreateRole("execution", trust))).Role.Arn;
    }

    /// <summary>Stops the server and starts it again on the same data.</summary>
    /// <param name="meanwhile">What happens while it is stopped.</param>
    public async Task Restart(Action? meanwhile = null)
    {
        await StopServer();
        meanwhile?.Invoke();
        await StartServer();
    }

    /// <summary>Reads a resource of its own each time that it changes until it is right, and gives it.</summary>
    public async Task<T> Changed<T>(string arn, Func<Task<T>> read, Func<T, bool> isRight)
    {
        while (true)
        {
            var change = Server.Part<Changes>().Next(arn);
            var found = await read();
            if (isRight(found))
            {
                return found;
            }

            await change.WaitAsync(Patience.Limit);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopServer();
        Directory.Delete(DataDirectory, recursive: true);
        Directory.Delete(Scratch, recursive: true);
        File.Delete(CredentialsFile);
    }

    private async Task StartServer()
    {
        _server = await LocalAwsServer.Start(Options);
        Aws = new AwsClient(_server.Endpoint, Credentials, "us-east-1");
    }

    private async Task StopServer()
    {
        Aws.Dispose();
        await Server.DisposeAsync();
    }
}
