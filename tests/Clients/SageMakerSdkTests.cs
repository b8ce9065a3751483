namespace Slipway.Tests.Clients;

/// <summary>The SageMaker Python SDK, as it is, drives local AWS: each script of tests/Clients/sagemaker against a fresh one that checks signatures. Those of version 3 begin with v3.</summary>
public sealed class SageMakerSdkTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Clients", "sagemaker");

    public static TheoryData<string> Scripts => [.. Directory.GetFiles(Folder, "*_test.py").Select(f => Path.GetFileName(f)!).Order()];

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task The_scenarios_of_the_SageMaker_Python_SDK_hold(string file)
    {
        await Python.SkipWithout(file.StartsWith("v3_", StringComparison.Ordinal) ? "sagemaker.core.resources" : "sagemaker.estimator");
        await using var aws = new LocalAwsFixture { RequireAuth = true };
        await aws.InitializeAsync();
        var environment = new Dictionary<string, string>(aws.Environment)
        {
            ["SAGEMAKER_USER_CONFIG_OVERRIDE"] = Path.Combine(Folder, "config.yaml"),
            ["SAGEMAKER_SUPPRESS_V2_WARNING"] = "1",
        };
        var run = await Command.Run("python3", [file], environment, Folder);
        Assert.True(run.ExitCode == 0, run.ToString());
    }
}
