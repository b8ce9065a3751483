using System.Globalization;
using System.Text.RegularExpressions;

namespace Slipway.LocalAws.CodeBuild.Running;

/// <summary>
/// The runtimes that a buildspec asks for: they must be in the build's image, or on this machine where its programs stand for
/// the image: https://docs.aws.amazon.com/codebuild/latest/userguide/runtime-versions.html
/// </summary>
internal static partial class RuntimeVersions
{
    /// <summary>The commands that tell which versions of a runtime are there.</summary>
    private static readonly Dictionary<string, string> Commands = new()
    {
        ["dotnet"] = "dotnet --list-sdks",
        ["golang"] = "go version",
        ["java"] = "java -version 2>&1 | sed -n '1s/.*\"\\(.*\\)\".*/\\1.0/p'",
        ["nodejs"] = "node --version",
        ["php"] = "php --version | head -n 1",
        ["python"] = "python3 --version; python --version",
        ["ruby"] = "ruby --version",
    };

    /// <summary>Checks that all runtimes are there, and says so in the log.</summary>
    /// <exception cref="BuildFailure">YAML_FILE_ERROR: one is not, or is unknown.</exception>
    public static async Task Check(RunningBuild build)
    {
        foreach (var (runtime, version) in build.Spec.RuntimeVersions)
        {
            var command = Commands.GetValueOrDefault(runtime)
                ?? throw Wrong($"Unknown runtime named '{runtime}'. Local AWS knows the runtimes {string.Join(", ", Commands.Keys)}");
            // a subshell, so that none of them changes the build's own shell
            var told = string.Join('\n', await build.Shell.Ask($"( {command} ) >&7 2>&1; printf '\\0' >&7", build.Cancellation));
            var there = told.Split('\n').Select(l => Version().Match(l)).Where(m => m.Success).Select(m => Canonical(runtime, m.Value)).Distinct().ToList();
            if (there.Count == 0)
            {
                throw Wrong($"Unknown runtime version named '{version}' of {runtime}. There is no {runtime} on this machine");
            }

            build.Log.Write($"Selecting '{runtime}' runtime version '{version}' based on manual selections...");
            if (!there.Exists(v => Fits(v, version)))
            {
                throw Wrong($"Unknown runtime version named '{version}' of {runtime}. This build image has the following versions: {string.Join(", ", there)}");
            }
        }
    }

    private static bool Fits(string there, string asked)
    {
        if (asked.Equals("latest", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        // corretto17 and openjdk11 are versions 17 and 11 of java
        var parts = asked.TrimStart([.. "abcdefghijklmnopqrstuvwxyz"]).Split('.').TakeWhile(p => p is not ("x" or "X")).ToList();
        var actual = there.Split('.');
        return parts.Count <= actual.Length && parts.Select((p, i) => Same(p, actual[i])).All(same => same);
    }

    private static bool Same(string asked, string there) =>
        int.TryParse(asked, CultureInfo.InvariantCulture, out var a) && int.TryParse(there, CultureInfo.InvariantCulture, out var b) && a == b;

    /// <summary>Java 8 calls itself 1.8.</summary>
    private static string Canonical(string runtime, string version) => runtime == "java" && version.StartsWith("1.", StringComparison.Ordinal) ? version[2..] : version;

    private static BuildFailure Wrong(string message) => new(BuildFailure.Yaml, message);

    [GeneratedRegex(@"(?<![\d.])\d+(\.\d+)+")]
    private static partial Regex Version();
}
