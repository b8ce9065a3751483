using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.CodePipeline.Structure;

/// <summary>What a kind of action takes: https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-action-artifacts.html</summary>
/// <param name="Inputs">The least and most input artifacts.</param>
/// <param name="Outputs">The least and most output artifacts.</param>
/// <param name="Required">The settings that it needs.</param>
/// <param name="Optional">The settings that it may have.</param>
internal sealed record ActionKind((int Least, int Most) Inputs, (int Least, int Most) Outputs, string[] Required, params string[] Optional)
{
    private static readonly ActionKind Build = new((1, 5), (0, 5), ["ProjectName"], "PrimarySource", "EnvironmentVariables", "BatchEnabled", "CombineArtifacts");

    private static readonly Dictionary<(ActionCategory Category, string Provider), ActionKind> Kinds = new()
    {
        [(ActionCategory.Source, "CodeCommit")] = new((0, 0), (1, 1), ["RepositoryName", "BranchName"], "PollForSourceChanges", "OutputArtifactFormat"),
        [(ActionCategory.Source, "S3")] = new((0, 0), (1, 1), ["S3Bucket", "S3ObjectKey"], "PollForSourceChanges", "AllowOverrideForS3ObjectKey"),
        [(ActionCategory.Build, "CodeBuild")] = Build,
        [(ActionCategory.Test, "CodeBuild")] = Build,
        [(ActionCategory.Approval, "Manual")] = new((0, 0), (0, 0), [], "NotificationArn", "CustomData", "ExternalEntityLink"),
        [(ActionCategory.Deploy, "S3")] = new((1, 1), (0, 0), ["BucketName", "Extract"], "ObjectKey", "KMSEncryptionKeyARN", "CannedACL", "CacheControl"),
    };

    // what AWS has and local AWS does not
    private static readonly HashSet<string> Others =
    [
        "Source/ECR", "Source/CodeStarSourceConnection", "Build/ECRBuildAndPublish", "Test/DeviceFarm", "Deploy/AppConfig", "Deploy/CloudFormation",
        "Deploy/CloudFormationStackSet", "Deploy/CloudFormationStackInstances", "Deploy/CodeDeploy", "Deploy/CodeDeployToECS", "Deploy/EC2", "Deploy/ECS",
        "Deploy/EKS", "Deploy/ElasticBeanstalk", "Deploy/Lambda", "Deploy/OpsWorks", "Deploy/ServiceCatalog", "Invoke/CodePipeline", "Invoke/InspectorScan",
        "Invoke/Lambda", "Invoke/StepFunctions", "Compute/Commands",
    ];

    /// <summary>What an action's type takes.</summary>
    /// <exception cref="AwsException">NotImplemented for what AWS alone has, InvalidActionDeclarationException for what AWS does not have either.</exception>
    public static ActionKind Of(ActionDeclaration action, string region)
    {
        var type = action.ActionTypeId;
        if (type is { Owner: "AWS", Version: "1" } && Kinds.GetValueOrDefault((type.Category, type.Provider)) is { } kind)
        {
            return kind;
        }

        throw type.Owner != "AWS" || Others.Contains($"{type.Category}/{type.Provider}")
            ? AwsErrors.NotImplemented($"CodePipeline's {type.Category} actions of the provider {type.Provider} (owner {type.Owner}, version {type.Version}), as in action {action.Name}")
            : CodePipelineErrors.Action(
                $"ActionType (Category: '{type.Category}', Provider: '{type.Provider}', Owner: '{type.Owner}', Version: '{type.Version}') in action '{action.Name}' is not available in region {region}");
    }
}
