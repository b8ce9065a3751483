using Spectre.Console;

namespace Slipway.Cli;

/// <summary>Where verbs write tables and progress.</summary>
internal static class Terminal
{
    /// <summary>Standard output; made when it is first asked for, as most verbs write lines alone.</summary>
    public static IAnsiConsole Console { get; } = Make();

    private static IAnsiConsole Make()
    {
        var console = AnsiConsole.Console;
        if (System.Console.IsOutputRedirected)
        {
            // a file has no width: a table in it is as wide as an ARN needs
            console.Profile.Width = 160;
        }

        return console;
    }
}
