namespace Slipway.Tests.Clients;

/// <summary>The AWS SDK for JavaScript drives local AWS: each file of tests/Clients/js against a fresh one that checks signatures.</summary>
public sealed class JavaScriptSdkTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Clients", "js");

    public static TheoryData<string> Scenarios => [.. Directory.GetFiles(Folder, "*.test.mjs").Select(f => Path.GetFileName(f)!).Order()];

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_scenarios_of_the_JavaScript_SDK_hold(string file)
    {
        Assert.SkipUnless(Command.Find("node") is not null, "node is not on this machine");
        Assert.True(Directory.Exists(Path.Combine(Folder, "node_modules")), $"run `npm ci` in {Folder} first, as ./slipway test does");
        await using var aws = new LocalAwsFixture { RequireAuth = true };
        await aws.InitializeAsync();
        var run = await Command.Run("node", ["--test", "--test-reporter=spec", file], aws.Environment, Folder);
        Assert.True(run.ExitCode == 0, run.ToString());
    }
}
