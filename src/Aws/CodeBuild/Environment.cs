using Slipway.Aws.Wire;

namespace Slipway.Aws.CodeBuild;

/// <summary>The registry's credentials for an image: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_RegistryCredential.html</summary>
public sealed record RegistryCredential([Length(1, 10_000)] string Credential, [OneOf("SECRETS_MANAGER")] string CredentialProvider);

/// <summary>The reserved machines of builds: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectFleet.html</summary>
public sealed record ProjectFleet(string? FleetArn = null);

/// <summary>What a build runs in: https://docs.aws.amazon.com/codebuild/latest/APIReference/API_ProjectEnvironment.html</summary>
/// <param name="Type">The kind of machine.</param>
/// <param name="Image">The image's URI, or the name of one of CodeBuild's own.</param>
/// <param name="ComputeType">The size of the machine.</param>
/// <param name="Fleet">The reserved machines.</param>
/// <param name="EnvironmentVariables">Variables of every build.</param>
/// <param name="PrivilegedMode">Whether builds can run Docker.</param>
/// <param name="Certificate">A certificate in S3 that builds trust.</param>
/// <param name="RegistryCredential">The registry's credentials.</param>
/// <param name="ImagePullCredentialsType">Whose credentials pull the image.</param>
public sealed record ProjectEnvironment(
    [OneOf("WINDOWS_CONTAINER", "LINUX_CONTAINER", "LINUX_GPU_CONTAINER", "ARM_CONTAINER", "WINDOWS_SERVER_2019_CONTAINER", "WINDOWS_SERVER_2022_CONTAINER",
        "LINUX_LAMBDA_CONTAINER", "ARM_LAMBDA_CONTAINER", "LINUX_EC2", "ARM_EC2", "WINDOWS_EC2", "MAC_ARM")] string Type,
    [Length(1, 10_000)] string Image,
    [OneOf("BUILD_GENERAL1_SMALL", "BUILD_GENERAL1_MEDIUM", "BUILD_GENERAL1_LARGE", "BUILD_GENERAL1_XLARGE", "BUILD_GENERAL1_2XLARGE", "BUILD_LAMBDA_1GB",
        "BUILD_LAMBDA_2GB", "BUILD_LAMBDA_4GB", "BUILD_LAMBDA_8GB", "BUILD_LAMBDA_10GB", "ATTRIBUTE_BASED_COMPUTE", "CUSTOM_INSTANCE_TYPE")] string ComputeType,
    ProjectFleet? Fleet = null,
    IReadOnlyList<EnvironmentVariable>? EnvironmentVariables = null,
    bool? PrivilegedMode = null,
    string? Certificate = null,
    RegistryCredential? RegistryCredential = null,
    [OneOf("CODEBUILD", "SERVICE_ROLE")] string? ImagePullCredentialsType = null);
