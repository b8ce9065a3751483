using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeBuild;

/// <summary>A tag of a project: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_Tag.html</summary>
public sealed record Tag([Length(1, 127), Pattern(Names.Tag)] string? Key = null, [Length(0, 255), Pattern(Names.Tag)] string? Value = null);

/// <summary>A subnet and the security groups of builds: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_VpcConfig.html</summary>
public sealed record VpcConfig(
    [Length(1, 1000)] string? VpcId = null, [Length(0, 16)] IReadOnlyList<string>? Subnets = null, [Length(0, 5)] IReadOnlyList<string>? SecurityGroupIds = null);

/// <summary>A variable of a build's environment: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value, or the name of what has it.</param>
/// <param name="Type">PLAINTEXT, or what keeps the value: Parameter Store, Secrets Manager.</param>
public sealed record EnvironmentVariable(
    [Length(1, 10_000)] string Name, string Value, [OneOf("PLAINTEXT", "PARAMETER_STORE", "SECRETS_MANAGER")] string? Type = null);

/// <summary>Where builds log to CloudWatch Logs: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_CloudWatchLogsConfig.html</summary>
public sealed record CloudWatchLogsConfig([OneOf("ENABLED", "DISABLED")] string Status, string? GroupName = null, string? StreamName = null);

/// <summary>Where builds leave their log in S3: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_S3LogsConfig.html</summary>
public sealed record S3LogsConfig(
    [OneOf("ENABLED", "DISABLED")] string Status, string? Location = null, bool? EncryptionDisabled = null,
    [OneOf("NONE", "READ_ONLY", "FULL")] string? BucketOwnerAccess = null);

/// <summary>Where builds log: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_LogsConfig.html</summary>
public sealed record LogsConfig(CloudWatchLogsConfig? CloudWatchLogs = null, S3LogsConfig? S3Logs = null);

/// <summary>What builds keep for the next ones: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectCache.html</summary>
/// <param name="Type">NO_CACHE, S3 or LOCAL.</param>
/// <param name="Location">For S3: a bucket, and a prefix after a slash.</param>
/// <param name="Modes">For LOCAL: what is kept.</param>
/// <param name="CacheNamespace">For S3: lets projects share a cache.</param>
public sealed record ProjectCache(
    [OneOf("NO_CACHE", "S3", "LOCAL")] string Type, string? Location = null,
    [OneOf("LOCAL_DOCKER_LAYER_CACHE", "LOCAL_SOURCE_CACHE", "LOCAL_CUSTOM_CACHE")] IReadOnlyList<string>? Modes = null,
    string? CacheNamespace = null);

/// <summary>What the records of CodeBuild share.</summary>
internal static class Names
{
    public const string Tag = @"([\p{L}\p{Z}\p{N}_.:/=@+\-]*)";
    public const string Project = @"[A-Za-z0-9][A-Za-z0-9\-_]{1,149}";
}
