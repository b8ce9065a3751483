using Slipway.Tests.Clients;

namespace Slipway.Tests.Cli;

/// <summary>Bad input, as every verb tells it.</summary>
internal static class Refusal
{
    /// <summary>Checks that a verb refused with exit code 2, in one line that names what was wrong.</summary>
    public static void Check(Command run, string named)
    {
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("slipway: ", run.Error, StringComparison.Ordinal);
        Assert.Contains(named, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Trim().Split('\n'));
    }
}
