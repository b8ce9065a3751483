namespace Slipway.Tests.Clients;

/// <summary>The real <c>aws</c> command line, version 1 or 2, against a local AWS.</summary>
internal sealed class AwsCli(LocalAwsFixture aws)
{
    /// <summary>Runs a command line as a person types it after <c>aws</c>, in a POSIX shell so that its quotes and variables mean what they say.</summary>
    public async Task<Command> Run(string arguments, string? directory = null)
    {
        Assert.SkipUnless(Command.Find("aws") is not null, "the aws command line is not on this machine");
        return await Command.Run("sh", ["-c", "aws " + arguments], aws.Environment, directory);
    }

    /// <summary>Runs a command that must succeed and gives what it printed.</summary>
    public async Task<string> Output(string arguments, string? directory = null)
    {
        var run = await Run(arguments, directory);
        Assert.True(run.ExitCode == 0, $"aws {arguments}: {run}");
        return run.Output.Trim();
    }
}
