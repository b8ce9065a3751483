namespace Slipway.Tests.Clients;

/// <summary>boto3, the <c>aws</c> command line's and the SageMaker Python SDK's own base, drives local AWS: each script of tests/Clients/python against a fresh one that checks signatures.</summary>
public sealed class PythonTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Clients", "python");

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Folder, "*_test.py").Select(f => Path.GetFileName(f)!).Order()];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task The_scenarios_of_boto3_hold(string file)
    {
        await Python.SkipWithout("boto3");
        await using var aws = new LocalAwsFixture { RequireAuth = true };
        await aws.InitializeAsync();
        var run = await Command.Run("python3", [file], aws.Environment, Folder);
        Assert.True(run.ExitCode == 0, run.ToString());
    }
}

/// <summary>Python and its modules, where a machine has them.</summary>
internal static class Python
{
    /// <summary>Skips the test where a module is absent.</summary>
    public static async Task SkipWithout(string module)
    {
        Assert.SkipUnless(Command.Find("python3") is not null, "python3 is not on this machine");
        var found = await Command.Run("python3", ["-c", $"import {module}"], new Dictionary<string, string>());
        Assert.SkipUnless(found.ExitCode == 0, $"python3 has no {module} on this machine");
    }
}
