using Amazon.Runtime;
using Slipway.Aws.Client;

namespace Slipway.Steps.StepHost;

/// <summary>What a step works with.</summary>
/// <param name="Environment">The process's surroundings.</param>
/// <param name="Arguments">The arguments by name, with their dashes.</param>
public sealed record StepContext(StepEnvironment Environment, IReadOnlyDictionary<string, string> Arguments)
{
    /// <summary>The folder that stands for <c>/opt/ml</c>.</summary>
    public string Root => Environment.Root;

    /// <summary>Writes one line to the job's log.</summary>
    public void Log(string line) => Environment.Output.WriteLine(line);

    /// <summary>An argument's value, or null.</summary>
    public string? Argument(string name) => Arguments.GetValueOrDefault(name);

    /// <summary>An environment variable's value; null where it is absent or empty.</summary>
    public string? Variable(string name) =>
        Environment.Variables.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
}

/// <summary>A step's surroundings: the process's own, or a test's.</summary>
/// <param name="Root">The folder that stands for <c>/opt/ml</c>.</param>
/// <param name="Variables">The environment variables.</param>
/// <param name="Output">Standard output: the job's log.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Time">The clock.</param>
public sealed record StepEnvironment(
    string Root, IReadOnlyDictionary<string, string> Variables, TextWriter Output, TextWriter Error, TimeProvider Time)
{
    /// <summary>AWS, as the variables name it; what they don't say comes from the SDK's own places.</summary>
    public AwsSession Aws() => new(
        Variables.GetValueOrDefault("AWS_ENDPOINT_URL") is { Length: > 0 } endpoint ? new Uri(endpoint) : null,
        Variables.GetValueOrDefault("AWS_ACCESS_KEY_ID") is { Length: > 0 } key ? Credentials(key) : null,
        Variables.GetValueOrDefault("AWS_REGION") is { Length: > 0 } region ? region : null);

    /// <summary>The surroundings of this process; <c>SLIPWAY_ML_ROOT</c> replaces <c>/opt/ml</c>.</summary>
    public static StepEnvironment OfThisProcess()
    {
        var variables = System.Environment.GetEnvironmentVariables();
        var byName = variables.Keys.Cast<string>().ToDictionary(
            name => name, name => (string?)variables[name] ?? "", StringComparer.Ordinal);
        var root = byName.GetValueOrDefault("SLIPWAY_ML_ROOT") is { Length: > 0 } given ? given : "/opt/ml";
        return new StepEnvironment(root, byName, Console.Out, Console.Error, TimeProvider.System);
    }

    private AWSCredentials Credentials(string key)
    {
        var secret = Variables.GetValueOrDefault("AWS_SECRET_ACCESS_KEY") ?? "";
        return Variables.GetValueOrDefault("AWS_SESSION_TOKEN") is { Length: > 0 } token
            ? new SessionAWSCredentials(key, secret, token) : new BasicAWSCredentials(key, secret);
    }
}
