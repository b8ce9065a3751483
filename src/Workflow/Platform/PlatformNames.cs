namespace Slipway.Workflow.Platform;

/// <summary>The fixed names of production or of development, as the manual has them.</summary>
/// <param name="Stack">The stack, which the names of projects and rules start with.</param>
/// <param name="Repository">The CodeCommit repository.</param>
/// <param name="Suffix">What follows the names of the data set's resources.</param>
/// <param name="PromotesTo">The names that an approved change goes to; null for production, which deploys instead.</param>
public sealed record PlatformNames(string Stack, string Repository, string Suffix, PlatformNames? PromotesTo)
{
    /// <summary>The branch whose pushes start the pipeline.</summary>
    public const string Branch = "main";

    /// <summary>Production: its pipeline ends in the deployment.</summary>
    public static PlatformNames Production { get; } = new("My-mlops-BaseStack", "my-mlops-repo", "", null);

    /// <summary>Development: its pipeline ends in the promotion to production.</summary>
    public static PlatformNames Development { get; } = new("My-mlops-DevMLOpsStack", "my-mlops-repo-dev", "-dev", Production);

    /// <summary>Both, development first, as a change goes.</summary>
    public static IReadOnlyList<PlatformNames> All { get; } = [Development, Production];

    /// <summary>The pipeline.</summary>
    public string Pipeline => $"{Stack}-MLOpsPipeline";

    /// <summary>The project of the last stage, and the stage itself.</summary>
    public string LastStage => PromotesTo is null ? StageNames.Deploy : StageNames.Promote;

    /// <summary>The topic that tells people of approvals that wait and of promotions.</summary>
    public string Topic => $"{Stack}-Notifications";

    /// <summary>A project or a rule of the stack.</summary>
    public string Of(string part) => $"{Stack}-{part}";

    /// <summary>The names of a data set's resources here, for <see cref="ProjectNames"/>.</summary>
    /// <param name="specification">The data set.</param>
    /// <param name="account">The account's id, which makes the bucket's name unique.</param>
    /// <param name="region">The region.</param>
    public IReadOnlyDictionary<string, string> Variables(DataSets.DataSetSpecification specification, string account, string region)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return new Dictionary<string, string>
        {
            ["DATA_BUCKET"] = $"{specification.Name}-data{Suffix}-{account}-{region}",
            ["FEATURE_GROUP_NAME"] = specification.FeatureGroupName + Suffix,
            ["MODEL_PACKAGE_GROUP_NAME"] = $"{specification.Name}-models{Suffix}",
            ["SM_PIPELINE_NAME"] = $"{specification.Name}-pipeline{Suffix}",
            ["ENDPOINT_NAME"] = $"{specification.Name}-prediction-endpoint{Suffix}",
        };
    }
}

/// <summary>The stages of the pipelines, each with one action.</summary>
public static class StageNames
{
    /// <summary>Takes the commit.</summary>
    public const string Source = "Source";

    /// <summary>Trains and registers.</summary>
    public const string TrainAndRegister = "TrainAndRegister";

    /// <summary>Waits for a person.</summary>
    public const string Approval = "ApprovalStage";

    /// <summary>The action of <see cref="Approval"/>.</summary>
    public const string ManualApproval = "ManualApproval";

    /// <summary>Brings the newest Approved version to the endpoint.</summary>
    public const string Deploy = "Deploy";

    /// <summary>Copies what was approved to production.</summary>
    public const string Promote = "Promote";
}

/// <summary>The variables that builds find in their environment, or export for the stages after theirs.</summary>
public static class BuildVariableNames
{
    /// <summary>Has the pipeline's name.</summary>
    public const string PipelineName = "PIPELINE_NAME";

    /// <summary>Has the id of the pipeline's execution that a build belongs to.</summary>
    public const string ExecutionId = "PIPELINE_EXECUTION_ID";

    /// <summary>The pipeline's own variable: <c>true</c> trains anew where nothing that training reads has changed.</summary>
    public const string NoCache = "NO_CACHE";

    /// <summary>Has the ARN of the topic that is told of promotions.</summary>
    public const string NotificationTopicArn = "NOTIFICATION_TOPIC_ARN";

    /// <summary>Has production's repository, in development.</summary>
    public const string PromotionRepository = "PROMOTION_REPOSITORY";

    /// <summary><see cref="StageNames.TrainAndRegister"/> exports the ARN of the version.</summary>
    public const string ModelPackageArn = "MODEL_PACKAGE_ARN";

    /// <summary><see cref="StageNames.TrainAndRegister"/> exports the version's number.</summary>
    public const string ModelVersion = "MODEL_VERSION";

    /// <summary><see cref="StageNames.TrainAndRegister"/> exports the version's AUC on held-out rows, with four decimals.</summary>
    public const string ModelAuc = "MODEL_AUC";

    /// <summary><see cref="StageNames.TrainAndRegister"/> exports whether this execution registered that version, <c>true</c> or <c>false</c>.</summary>
    public const string ModelIsNew = "MODEL_IS_NEW";
}
