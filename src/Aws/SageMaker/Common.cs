using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>The network that a job or a model runs in. One machine has none: kept and given back.</summary>
public sealed record VpcConfig(
    [Length(1, 5), Pattern("[-0-9a-zA-Z]+")] IReadOnlyList<string> SecurityGroupIds,
    [Length(1, 16), Pattern("[-0-9a-zA-Z]+")] IReadOnlyList<string> Subnets);

/// <summary>Where a resource comes from: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_MetadataProperties.html</summary>
public sealed record MetadataProperties(
    [Length(0, 1024)] string? CommitId = null, [Length(0, 1024)] string? Repository = null,
    [Length(0, 1024)] string? GeneratedBy = null, [Length(0, 1024)] string? ProjectId = null);

/// <summary>Patterns of AWS's that several operations share.</summary>
internal static class Patterns
{
    public const string EntityName = "[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}";
    public const string NameContains = @"[a-zA-Z0-9\-]*";
    public const string Description = @"[\p{L}\p{M}\p{Z}\p{S}\p{N}\p{P}]*";
    public const string S3OrHttps = "(https|s3)://([^/]+)/?(.*)";
    public const string RoleArn = @"arn:aws[a-z\-]*:iam::\d{12}:role/?[a-zA-Z_0-9+=,.@\-_/]+";
    public const string ArnOrName = @"(arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]*:[0-9]{12}:[a-z\-]*\/)?([a-zA-Z0-9]([a-zA-Z0-9-]){0,62})(?<!-)";
    public const string VersionedArnOrName = ArnOrName + @"(\/[0-9]{1,9})?";
    public const string KmsKeyId = "[a-zA-Z0-9:/_-]*";
}
