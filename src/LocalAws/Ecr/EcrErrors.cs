using System.Net;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Ecr;

/// <summary>ECR's own errors: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html</summary>
internal static class EcrErrors
{
    public static AwsException Exists(string name, string registry) => Make(
        "RepositoryAlreadyExistsException", $"The repository with name '{name}' already exists in the registry with id '{registry}'");

    public static AwsException NoRepository(string name, string registry) => Make(
        "RepositoryNotFoundException", $"The repository with name '{name}' does not exist in the registry with id '{registry}'");

    public static AwsException NoPolicy(string name, string registry) => Make(
        "RepositoryPolicyNotFoundException", $"Repository policy does not exist for the repository with name '{name}' in the registry with id '{registry}'");

    public static AwsException NoLifecyclePolicy(string name, string registry) => Make(
        "LifecyclePolicyNotFoundException", $"Lifecycle policy does not exist for the repository with name '{name}' in the registry with id '{registry}'");

    public static AwsException Invalid(string member, string constraint) => Make(
        "InvalidParameterException", $"Invalid parameter at '{member}' failed to satisfy constraint: '{constraint}'");

    public static AwsException InvalidTag(string message) => Make("InvalidTagParameterException", message);

    public static AwsException TooManyTags() => Make("TooManyTagsException", "A repository has at most 50 tags.");

    public static AwsException Kms(AwsException cause) => new("KmsException", HttpStatusCode.BadRequest, cause.Message, inner: cause);

    private static AwsException Make(string code, string message) => new(code, HttpStatusCode.BadRequest, message);
}
