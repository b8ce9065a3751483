using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;
using Amazon.Runtime.CredentialManagement;
using Slipway.Aws.CodeCommit;
using Slipway.Workflow;

namespace Slipway.Cli;

/// <summary>
/// A remote helper of git's (https://git-scm.com/docs/gitremote-helpers) for CodeCommit's addresses: signs the
/// repository's HTTP address and hands over to git's own helper for HTTP. It takes the addresses that AWS's takes:
/// https://docs.aws.amazon.com/codecommit/latest/userguide/setting-up-git-remote-codecommit.html
/// </summary>
internal static partial class CodeCommitRemote
{
    /// <summary>Runs git's helper for HTTP on the signed address and gives its exit status.</summary>
    /// <exception cref="BadInputException">The address, its profile, its region or the credentials are missing or wrong.</exception>
    public static async Task<int> Run(string remote, string address, CancellationToken cancellation)
    {
        var url = Sign(address, TimeProvider.System.GetUtcNow());
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", [$"remote-{url.Scheme}", remote, url.ToString()]) { UseShellExecute = false })!;
            await git.WaitForExitAsync(cancellation);
            return git.ExitCode;
        }
        catch (Win32Exception e)
        {
            throw new BadInputException($"git is not on the PATH: {e.Message}", e);
        }
    }

    /// <summary>
    /// Answers git's question for a user name and a password (https://git-scm.com/docs/git-credential#IOFMT) where it is about a
    /// repository of CodeCommit, with the environment's credentials; else leaves it to others.
    /// </summary>
    /// <exception cref="BadInputException">The region or the credentials are missing.</exception>
    public static int Credential(TextReader question, TextWriter answer)
    {
        var asked = new Dictionary<string, string>();
        while (question.ReadLine() is { Length: > 0 } line)
        {
            var parts = line.Split('=', 2);
            asked[parts[0]] = parts.Length > 1 ? parts[1] : "";
        }

        if (asked.GetValueOrDefault("path", "").Split('/') is not ["v1", "repos", { Length: > 0 } repository])
        {
            return ExitCode.Done;
        }

        var region = AwsEnvironment.Region(null) ?? throw new BadInputException("No region is known to sign for. Set AWS_REGION.");
        var endpoint = new Uri($"{asked.GetValueOrDefault("protocol")}://{asked.GetValueOrDefault("host")}");
        var signed = GitSignature.Sign(endpoint, repository, region, AwsEnvironment.Credentials(null), TimeProvider.System.GetUtcNow()).UserInfo.Split(':', 2);
        answer.Write($"username={Uri.UnescapeDataString(signed[0])}\npassword={signed[1]}\n");
        return ExitCode.Done;
    }

    private static Uri Sign(string address, DateTimeOffset now)
    {
        var parts = Address().Match(address) is { Success: true } match ? match.Groups
            : throw new BadInputException($"{address} is no CodeCommit address: codecommit://[PROFILE@]REPOSITORY or codecommit::REGION://[PROFILE@]REPOSITORY is expected.");
        var profile = parts["profile"].Success ? Profile(parts["profile"].Value) : null;
        var region = parts["scheme"].Value != "codecommit" ? parts["scheme"].Value
            : AwsEnvironment.Region(profile) ?? throw new BadInputException($"{address} names no region, and nothing else does. Set AWS_REGION, or use codecommit::REGION://{parts["repository"]}.");
        if (!Region().IsMatch(region))
        {
            throw new BadInputException($"{address}: '{region}' is no region.");
        }

        return GitSignature.Sign(Host(region), parts["repository"].Value, region, AwsEnvironment.Credentials(profile), now);
    }

    /// <summary>Where CodeCommit is: as the SDKs' variables say, as the one of AWS's own helper says, or AWS.</summary>
    private static Uri Host(string region) =>
        AwsEnvironment.Endpoint("AWS_ENDPOINT_URL_CODECOMMIT") ?? AwsEnvironment.Endpoint("AWS_ENDPOINT_URL")
            ?? new Uri($"https://{Options.Variable("CODE_COMMIT_ENDPOINT") ?? $"git-codecommit.{region}.{(region.StartsWith("cn-", StringComparison.Ordinal) ? "amazonaws.com.cn" : "amazonaws.com")}"}");

    private static CredentialProfile Profile(string name) => new CredentialProfileStoreChain().TryGetProfile(name, out var profile) ? profile
        : throw new BadInputException($"There is no AWS profile named {name} in the config and credentials files.");

    [GeneratedRegex(@"\A(?<scheme>[a-z0-9-]+)://((?<profile>[^@/]+)@)?(?<repository>[A-Za-z0-9_.-]+)/?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Address();

    [GeneratedRegex(@"\A[a-z]{2}(-[a-z]+)+-[0-9]\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Region();
}
