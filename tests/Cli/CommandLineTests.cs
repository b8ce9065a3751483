using Slipway.Tests.Clients;

namespace Slipway.Tests.Cli;

/// <summary>The command line as a person meets it: help, examples, exit codes, errors in one line.</summary>
public sealed class CommandLineTests
{
    private static readonly Dictionary<string, string> NoSettings = new() { ["DATA_BUCKET"] = "", ["SM_EXEC_ROLE_ARN"] = "", ["AWS_REGION"] = "us-east-1" };

    public static TheoryData<string> Verbs =>
    [
        "", "demo", "up", "setup", "new", "dataset", "dataset infer", "sample", "ingest", "pipeline", "pipeline show", "pipeline run", "train",
        "models", "models list", "models show", "models compare", "models approve", "models reject", "models decide", "status", "approve", "reject", "promote",
        "deploy", "rollback", "invoke", "logs", "inbox", "git", "git setup",
    ];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task The_help_of_each_verb_ends_with_examples(string verb)
    {
        var run = await Slipway([.. verb.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.Equal(0, run.ExitCode);
        var examples = run.Output[run.Output.IndexOf("Examples:", StringComparison.Ordinal)..];
        Assert.Contains($"./slipway {verb}".TrimEnd(), examples, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DATA_BUCKET", "pipeline", "show")]
    [InlineData("--param", "pipeline", "run", "--param", "NoSuch=1")]
    [InlineData("nothing.csv", "demo", "--csv", "nothing.csv")]
    [InlineData("nothing.csv", "dataset", "infer", "--csv", "nothing.csv")]
    [InlineData("--rows 0", "sample", "--rows", "0")]
    [InlineData("--rows 0", "demo", "--rows", "0")]
    [InlineData("--output /nowhere/at/all: its folder is not there.", "sample", "--output", "/nowhere/at/all")]
    [InlineData("--output / is a folder", "sample", "--output", "/")]
    [InlineData("--variables / is a folder", "train", "--variables", "/")]
    [InlineData("--csv / is a folder, and a file is expected.", "demo", "--csv", "/")]
    [InlineData("'x' not recognized. Must be one of: 'specification', 'auto', 'random', 'time'. ./slipway demo --help", "demo", "--split", "x")]
    [InlineData("'x' for option '--version': a number is expected.", "deploy", "--version", "x")]
    [InlineData("slipway dataset needs infer.", "dataset")]
    [InlineData("nothing.yaml", "pipeline", "show", "--specification", "nothing.yaml")]
    [InlineData("--last 0", "status", "--last", "0")]
    [InlineData("--full", "setup", "--dev")]
    [InlineData("--bucket", "setup", "--full", "--bucket", "mine")]
    [InlineData("data-set.yaml", "demo", "--full", "--split", "random")]
    [InlineData("DATA_BUCKET", "train")]
    [InlineData("--host", "up", "--host", "example.org")]
    [InlineData("--require-auth FILE", "up", "--host", "0.0.0.0", "--port", "0")]
    [InlineData("nothing.txt", "up", "--require-auth", "nothing.txt")]
    [InlineData("/nowhere/at/all", "inbox", "--data", "/nowhere/at/all")]
    [InlineData("no mail 3", "inbox", "3", "--data", "/")]
    [InlineData("nothing.txt", "demo", "--require-auth", "nothing.txt")]
    [InlineData("slipway needs one of demo, up, setup")]
    [InlineData("slipway does not know 'nosuchverb'; it has demo, up, setup", "nosuchverb")]
    [InlineData("slipway models needs one of list, show, compare", "models")]
    [InlineData("slipway models does not know 'shw'; it has list, show", "models", "shw", "1")]
    [InlineData("slipway train does not know '--cdk'.", "train", "--cdk", "cdk.json")]
    [InlineData("'x' for option '--rows': a number is expected. ./slipway sample --help", "sample", "--rows", "x")]
    [InlineData("'x' for command 'show': a number is expected.", "models", "show", "x")]
    [InlineData("Option '--csv' is required.", "ingest")]
    [InlineData("nothing.csv", "invoke", "@nothing.csv")]
    public async Task Bad_input_is_one_line_that_names_it_and_exit_code_2(string named, params string[] arguments)
    {
        Refusal.Check(await Slipway(arguments), named);
    }

    [Theory]
    [InlineData("setup")]
    [InlineData("train")]
    [InlineData("pipeline", "run")]
    [InlineData("models", "list")]
    [InlineData("logs", "job", "--follow")]
    [InlineData("invoke", "1")]
    public async Task An_address_where_nothing_answers_is_named_in_one_line(params string[] arguments)
    {
        var environment = new Dictionary<string, string>
        {
            // the port of a service that no machine has had for decades
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1", ["AWS_ACCESS_KEY_ID"] = "test", ["AWS_SECRET_ACCESS_KEY"] = "test", ["AWS_REGION"] = "us-east-1",
            ["DATA_BUCKET"] = "nobodys-bucket", ["SM_EXEC_ROLE_ARN"] = "arn:aws:iam::000000000000:role/nobody",
        };
        var run = await Command.Slipway(arguments, environment);
        Assert.Equal((1, ""), (run.ExitCode, run.Output));
        Assert.Matches(@"^slipway: http://127\.0\.0\.1:1/? can't be reached: [^\n]+\n$", run.Error);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "127.0.0.1:4566", "AWS_ENDPOINT_URL is no address: '127.0.0.1:4566'. One such as http://127.0.0.1:4566 is expected.")]
    [InlineData("AWS_REGION", "", "There is no AWS region. Against local AWS, export the lines that ./slipway up prints; against AWS, set AWS_REGION, or a region in the profile.")]
    [InlineData("AWS_ACCESS_KEY_ID", "", "There are no AWS credentials. Against local AWS, export the lines that ./slipway up prints; against AWS, run 'aws configure' or set AWS_PROFILE.")]
    [InlineData("AWS_PROFILE", "nobody", "There are no AWS credentials: Unable to find the \"nobody\" profile.")]
    public async Task An_environment_that_does_not_say_where_AWS_is_and_who_asks_is_told_in_one_line(string variable, string value, string told)
    {
        var environment = new Dictionary<string, string>
        {
            ["AWS_ENDPOINT_URL"] = "http://127.0.0.1:1", ["AWS_ACCESS_KEY_ID"] = variable == "AWS_PROFILE" ? "" : "test", ["AWS_SECRET_ACCESS_KEY"] = "test",
            ["AWS_REGION"] = "us-east-1", ["AWS_DEFAULT_REGION"] = "", ["AWS_EC2_METADATA_DISABLED"] = "true", ["AWS_WEB_IDENTITY_TOKEN_FILE"] = "",
            ["AWS_CONFIG_FILE"] = "/dev/null", ["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null",
        };
        environment[variable] = value;
        var run = await Command.Slipway(["models", "list"], environment);
        Assert.Equal((2, "", $"slipway: {told}\n"), (run.ExitCode, run.Output, run.Error));
    }

    [Fact]
    public async Task A_sample_is_the_same_bytes_for_the_same_seed()
    {
        var first = await Slipway("sample", "--rows", "50", "--seed", "7");
        var second = await Slipway("sample", "--rows", "50", "--seed", "7");
        var other = await Slipway("sample", "--rows", "50", "--seed", "8");
        Assert.Equal(51, first.Output.Trim().Split('\n').Length);
        Assert.Equal(first.Output, second.Output);
        Assert.NotEqual(first.Output, other.Output);
    }

    [Fact]
    public async Task An_error_of_S3_is_one_line_with_its_code_and_exit_code_1()
    {
        await using var aws = new LocalAwsFixture();
        await aws.InitializeAsync();
        aws.Server.Part<Slipway.LocalAws.S3.Buckets>().Create("data", "us-east-1");
        var csv = Path.Combine(aws.DataDirectory, "sample.csv");
        await Slipway("sample", "--rows", "20", "--output", csv);
        var settings = new Dictionary<string, string>(aws.Environment)
        {
            ["DATA_BUCKET"] = "data", ["KMS_KEY_ARN"] = "arn:aws:kms:us-east-1:000000000000:key/12345678-1234-1234-1234-123456789012",
        };
        var run = await Command.Slipway(["ingest", "--csv", csv], settings);
        Assert.Equal(1, run.ExitCode);
        Assert.Equal($"slipway: Key '{settings["KMS_KEY_ARN"]}' does not exist (KMS.NotFoundException)", run.Error.Trim());
    }

    private static Task<Command> Slipway(params string[] arguments) =>
        Command.Slipway(arguments, NoSettings);
}
