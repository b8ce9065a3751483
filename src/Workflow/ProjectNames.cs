using Slipway.Workflow.DataSets;

namespace Slipway.Workflow;

/// <summary>
/// The names of a data set's AWS resources, told by the environment and else by the specification: for the ad-click
/// data set the feature group is <c>ad-click-feature-group</c> and the endpoint <c>ad-click-prediction-endpoint</c>.
/// </summary>
public sealed record ProjectNames
{
    private ProjectNames(DataSetSpecification specification, Func<string, string?> variable)
    {
        FeatureGroup = variable("FEATURE_GROUP_NAME") ?? specification.FeatureGroupName;
        Pipeline = variable("SM_PIPELINE_NAME") ?? $"{specification.Name}-pipeline";
        ModelPackageGroup = variable("MODEL_PACKAGE_GROUP_NAME") ?? $"{specification.Name}-models";
        Endpoint = variable("ENDPOINT_NAME") ?? $"{specification.Name}-prediction-endpoint";
        Bucket = variable("DATA_BUCKET");
        Role = variable("SM_EXEC_ROLE_ARN");
        Image = variable("SLIPWAY_IMAGE_URI");
        KmsKey = variable("KMS_KEY_ARN");
        ExternalCsv = variable("EXTERNAL_CSV_URI");
    }

    /// <summary>The feature group (FEATURE_GROUP_NAME).</summary>
    public string FeatureGroup { get; }

    /// <summary>The SageMaker Pipeline (SM_PIPELINE_NAME).</summary>
    public string Pipeline { get; }

    /// <summary>The model package group (MODEL_PACKAGE_GROUP_NAME).</summary>
    public string ModelPackageGroup { get; }

    /// <summary>The endpoint (ENDPOINT_NAME).</summary>
    public string Endpoint { get; }

    /// <summary>The KMS key's ARN (KMS_KEY_ARN), or null.</summary>
    public string? KmsKey { get; }

    /// <summary>The CSV in S3 that training reads instead of the feature group (EXTERNAL_CSV_URI), such as <c>s3://DATA_BUCKET/datasets/ad_click_dataset.csv</c>; or null.</summary>
    public string? ExternalCsv { get; }

    /// <summary>The data bucket (DATA_BUCKET), or null.</summary>
    public string? Bucket { get; }

    private string? Role { get; }

    private string? Image { get; }

    /// <summary>The names from the process's environment.</summary>
    public static ProjectNames FromEnvironment(DataSetSpecification specification) =>
        From(specification, name => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null);

    /// <summary>The names from any source of variables.</summary>
    public static ProjectNames From(DataSetSpecification specification, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(variable);
        return new(specification, variable);
    }

    /// <summary>The data bucket (DATA_BUCKET).</summary>
    /// <exception cref="BadInputException">It is not set.</exception>
    public string RequireBucket() => Bucket ?? throw Missing("DATA_BUCKET", "the name of the data bucket, the stack's output DataBucket");

    /// <summary>The role that jobs run as (SM_EXEC_ROLE_ARN).</summary>
    /// <exception cref="BadInputException">It is not set.</exception>
    public string RequireRole() => Role ?? throw Missing("SM_EXEC_ROLE_ARN", "the ARN of the SageMaker execution role");

    /// <summary>The platform's image (SLIPWAY_IMAGE_URI), by default the one in the role's account.</summary>
    public string ImageIn(string region) => Image ?? $"{RequireRole().Split(':')[4]}.dkr.ecr.{region}.amazonaws.com/slipway:{Version}";

    private static string Version => typeof(ProjectNames).Assembly.GetName().Version!.ToString(3);

    private static BadInputException Missing(string name, string what) =>
        new($"The variable {name} is not set: {what}. Against local AWS, ./slipway setup makes what is missing and prints the lines to export.");
}
