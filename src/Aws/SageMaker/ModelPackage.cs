using Slipway.Aws.Wire;

namespace Slipway.Aws.SageMaker;

/// <summary>Whether a version may be deployed.</summary>
public enum ModelApprovalStatus
{
    /// <summary>It may be deployed.</summary>
    Approved,

    /// <summary>It may not.</summary>
    Rejected,

    /// <summary>A person has yet to decide.</summary>
    PendingManualApproval,
}

/// <summary>The state of a model package.</summary>
public enum ModelPackageStatus
{
    /// <summary>Its making has yet to start.</summary>
    Pending,

    /// <summary>It is being made.</summary>
    InProgress,

    /// <summary>It can be deployed once it is approved.</summary>
    Completed,

    /// <summary>It could not be made.</summary>
    Failed,

    /// <summary>It is being deleted.</summary>
    Deleting,
}

/// <summary>Which model packages a listing gives.</summary>
public enum ModelPackageType
{
    /// <summary>Versions of a group.</summary>
    Versioned,

    /// <summary>Packages with a name of their own.</summary>
    Unversioned,

    /// <summary>Both kinds.</summary>
    Both,
}

/// <summary>A model card that belongs to a model package.</summary>
public sealed record ModelPackageModelCard(
    [Length(0, 100000)] string? ModelCardContent = null, [OneOf("Draft", "PendingReview", "Approved", "Archived")] string? ModelCardStatus = null);

/// <summary>The key that encrypts a model package's card. One machine encrypts nothing: kept and given back.</summary>
public sealed record ModelPackageSecurityConfig([Length(0, 2048), Pattern(Patterns.KmsKeyId)] string KmsKeyId);

/// <summary>Where a version stands in its life: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelLifeCycle.html</summary>
public sealed record ModelLifeCycle(
    [Length(1, 63), Pattern(Patterns.EntityName)] string Stage, [Length(1, 63), Pattern(Patterns.EntityName)] string StageStatus,
    [Length(0, 1024)] string? StageDescription = null);

/// <summary>
/// Makes a model package: the next version of a group, or an unversioned one by its name:
/// https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelPackage.html
/// </summary>
public sealed record CreateModelPackage(
    [Length(1, 63), Pattern(Patterns.EntityName)] string? ModelPackageName = null,
    [Length(1, 170), Pattern(Patterns.ArnOrName)] string? ModelPackageGroupName = null,
    [Length(0, 1024), Pattern(Patterns.Description)] string? ModelPackageDescription = null,
    [OneOf("Logged", "Registered")] string? ModelPackageRegistrationType = null,
    InferenceSpecification? InferenceSpecification = null,
    bool? CertifyForMarketplace = null,
    [Length(0, 50)] IReadOnlyList<Tag>? Tags = null,
    ModelApprovalStatus? ModelApprovalStatus = null,
    MetadataProperties? MetadataProperties = null,
    ModelMetrics? ModelMetrics = null,
    [Length(1, 36), Pattern("[a-zA-Z0-9-]+")] string? ClientToken = null,
    string? Domain = null,
    string? Task = null,
    [Length(0, 1024), Pattern(Patterns.S3OrHttps)] string? SamplePayloadUrl = null,
    [Length(1, 50)] IReadOnlyDictionary<string, string>? CustomerMetadataProperties = null,
    DriftCheckBaselines? DriftCheckBaselines = null,
    [Length(1, 15)] IReadOnlyList<AdditionalInferenceSpecificationDefinition>? AdditionalInferenceSpecifications = null,
    [OneOf("All", "None")] string? SkipModelValidation = null,
    [Length(0, 1024)] string? SourceUri = null,
    ModelPackageSecurityConfig? SecurityConfig = null,
    ModelPackageModelCard? ModelCard = null,
    ModelLifeCycle? ModelLifeCycle = null) : IAwsRequest<CreateModelPackage.Response>
{
    /// <summary>The package that was made.</summary>
    public sealed record Response(string ModelPackageArn);
}

/// <summary>A model package by its ARN, its name, or <c>group/version</c>: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModelPackage.html</summary>
public sealed record DescribeModelPackage([Length(1, 176), Pattern(Patterns.VersionedArnOrName)] string ModelPackageName) : IAwsRequest<DescribeModelPackage.Response>
{
    /// <summary>
    /// The package. A version has a group and no name of its own, though AWS's model of the answer asks for one:
    /// https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-details.html
    /// </summary>
    public sealed record Response(
        string? ModelPackageName, string ModelPackageArn, DateTimeOffset CreationTime, ModelPackageStatus ModelPackageStatus,
        ModelPackageStatusDetails ModelPackageStatusDetails,
        string? ModelPackageGroupName = null, int? ModelPackageVersion = null, string? ModelPackageRegistrationType = null,
        string? ModelPackageDescription = null, InferenceSpecification? InferenceSpecification = null, bool? CertifyForMarketplace = null,
        ModelApprovalStatus? ModelApprovalStatus = null, UserContext? CreatedBy = null, MetadataProperties? MetadataProperties = null,
        ModelMetrics? ModelMetrics = null, DateTimeOffset? LastModifiedTime = null, UserContext? LastModifiedBy = null,
        string? ApprovalDescription = null, string? Domain = null, string? Task = null, string? SamplePayloadUrl = null,
        IReadOnlyDictionary<string, string>? CustomerMetadataProperties = null, DriftCheckBaselines? DriftCheckBaselines = null,
        IReadOnlyList<AdditionalInferenceSpecificationDefinition>? AdditionalInferenceSpecifications = null, string? SkipModelValidation = null,
        string? SourceUri = null, ModelPackageSecurityConfig? SecurityConfig = null, ModelPackageModelCard? ModelCard = null,
        ModelLifeCycle? ModelLifeCycle = null);
}

/// <summary>The checks of a model package's making.</summary>
public sealed record ModelPackageStatusDetails(IReadOnlyList<ModelPackageStatusItem> ValidationStatuses, IReadOnlyList<ModelPackageStatusItem>? ImageScanStatuses = null);

/// <summary>One such check.</summary>
public sealed record ModelPackageStatusItem(string Name, string Status, string? FailureReason = null);

/// <summary>Model packages, the oldest first unless told otherwise: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListModelPackages.html</summary>
public sealed record ListModelPackages(
    DateTimeOffset? CreationTimeAfter = null, DateTimeOffset? CreationTimeBefore = null,
    [Range(1, 100)] int? MaxResults = null, [Length(0, 63), Pattern(Patterns.NameContains)] string? NameContains = null,
    ModelApprovalStatus? ModelApprovalStatus = null, [Length(1, 170), Pattern(Patterns.ArnOrName)] string? ModelPackageGroupName = null,
    ModelPackageType? ModelPackageType = null, [Length(0, 8192)] string? NextToken = null,
    [OneOf("Name", "CreationTime")] string? SortBy = null, SortOrder? SortOrder = null) : IAwsRequest<ListModelPackages.Response>
{
    /// <summary>A page of packages.</summary>
    public sealed record Response(IReadOnlyList<ModelPackageSummary> ModelPackageSummaryList, string? NextToken = null);
}

/// <summary>A model package in a listing.</summary>
public sealed record ModelPackageSummary(
    string ModelPackageArn, DateTimeOffset CreationTime, ModelPackageStatus ModelPackageStatus,
    string? ModelPackageName = null, string? ModelPackageGroupName = null, int? ModelPackageVersion = null, string? ModelPackageDescription = null,
    ModelApprovalStatus? ModelApprovalStatus = null, ModelLifeCycle? ModelLifeCycle = null, string? ModelPackageRegistrationType = null);

/// <summary>Several versions at once: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_BatchDescribeModelPackage.html</summary>
public sealed record BatchDescribeModelPackage([Length(1, 100)] IReadOnlyList<string> ModelPackageArnList) : IAwsRequest<BatchDescribeModelPackage.Response>
{
    /// <summary>Those found, and an error for each of the others, by ARN.</summary>
    public sealed record Response(
        IReadOnlyDictionary<string, BatchDescribeModelPackageSummary>? ModelPackageSummaries = null,
        IReadOnlyDictionary<string, BatchDescribeModelPackageError>? BatchDescribeModelPackageErrorMap = null);
}

/// <summary>A model package as BatchDescribeModelPackage gives it.</summary>
public sealed record BatchDescribeModelPackageSummary(
    string ModelPackageGroupName, string ModelPackageArn, DateTimeOffset CreationTime, InferenceSpecification? InferenceSpecification,
    ModelPackageStatus ModelPackageStatus, int? ModelPackageVersion = null, string? ModelPackageDescription = null,
    ModelApprovalStatus? ModelApprovalStatus = null, string? ModelPackageRegistrationType = null);

/// <summary>Why BatchDescribeModelPackage does not give a model package.</summary>
public sealed record BatchDescribeModelPackageError(string ErrorCode, string ErrorResponse);

/// <summary>Approves or rejects a version, or changes its metadata: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_UpdateModelPackage.html</summary>
public sealed record UpdateModelPackage(
    [Length(1, 2048), Pattern(@"arn:aws[a-z\-]*:sagemaker:[a-z0-9\-]{9,16}:[0-9]{12}:model-package/[\S]{1,2048}")] string ModelPackageArn,
    ModelApprovalStatus? ModelApprovalStatus = null,
    [OneOf("Logged", "Registered")] string? ModelPackageRegistrationType = null,
    [Length(0, 1024)] string? ApprovalDescription = null,
    [Length(1, 50)] IReadOnlyDictionary<string, string>? CustomerMetadataProperties = null,
    IReadOnlyList<string>? CustomerMetadataPropertiesToRemove = null,
    [Length(1, 15)] IReadOnlyList<AdditionalInferenceSpecificationDefinition>? AdditionalInferenceSpecificationsToAdd = null,
    InferenceSpecification? InferenceSpecification = null,
    [Length(0, 1024)] string? SourceUri = null,
    ModelPackageModelCard? ModelCard = null,
    ModelLifeCycle? ModelLifeCycle = null,
    [Length(1, 36), Pattern("[a-zA-Z0-9-]+")] string? ClientToken = null) : IAwsRequest<UpdateModelPackage.Response>
{
    /// <summary>The package that was changed.</summary>
    public sealed record Response(string ModelPackageArn);
}

/// <summary>Deletes a model package: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteModelPackage.html</summary>
public sealed record DeleteModelPackage([Length(1, 176), Pattern(Patterns.VersionedArnOrName)] string ModelPackageName) : IAwsRequest<EmptyResponse>;
