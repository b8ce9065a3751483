using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.SageMaker.ModelRegistry;

/// <summary>What a model package may hold, and how an update changes it.</summary>
internal sealed class ModelPackageChecks(ModelData data)
{
    private const int MostMetadata = 50;

    // not public: a public method that takes a request is its handler
    internal void Check(CreateModelPackage request)
    {
        if (request is { ModelPackageName: not null, ModelPackageGroupName: not null })
        {
            throw AwsErrors.Validation("Both ModelPackageName and ModelPackageGroupName are provided in the input. Cannot determine which one to use.");
        }

        if (request is { ModelPackageName: null, ModelPackageGroupName: null })
        {
            throw AwsErrors.Validation("Missing ARN: either ModelPackageName or ModelPackageGroupName must be given.");
        }

        if (request is { ModelPackageGroupName: not null, Tags.Count: > 0 })
        {
            throw AwsErrors.Validation("Tags can't be given to a versioned model package: it has those of its model package group.");
        }

        if (request is { ModelPackageName: not null, InferenceSpecification: null })
        {
            throw AwsErrors.Validation("An unversioned model package needs an InferenceSpecification.");
        }

        RefuseUnsupported(request);
        CheckMetadata(request.CustomerMetadataProperties);
        CheckSpecifications(request.InferenceSpecification, request.AdditionalInferenceSpecifications, "CreateModelPackage");
    }

    /// <summary>Refuses what local AWS does not have; what a request does not say yet is no reason.</summary>
    /// <exception cref="AwsException">NotImplemented.</exception>
    internal static void RefuseUnsupported(CreateModelPackage request)
    {
        if (request.CertifyForMarketplace == true)
        {
            throw AwsErrors.NotImplemented("CreateModelPackage.CertifyForMarketplace");
        }

        foreach (var container in Containers(request.InferenceSpecification, request.AdditionalInferenceSpecifications))
        {
            ModelData.RefuseUnsupported(container.ModelDataUrl, container.ModelDataSource, "CreateModelPackage.InferenceSpecification.Containers");
        }
    }

    internal void Check(UpdateModelPackage request)
    {
        CheckMetadata(request.CustomerMetadataProperties);
        CheckSpecifications(request.InferenceSpecification, request.AdditionalInferenceSpecificationsToAdd, "UpdateModelPackage");
    }

    public DescribeModelPackage.Response Change(DescribeModelPackage.Response package, UpdateModelPackage request)
    {
        var metadata = new Dictionary<string, string>(package.CustomerMetadataProperties ?? new Dictionary<string, string>());
        foreach (var (key, value) in request.CustomerMetadataProperties ?? new Dictionary<string, string>())
        {
            metadata[key] = value;
        }

        foreach (var key in request.CustomerMetadataPropertiesToRemove ?? [])
        {
            metadata.Remove(key);
        }

        if (metadata.Count > MostMetadata)
        {
            throw AwsErrors.Validation($"A model package has at most {MostMetadata} CustomerMetadataProperties.");
        }

        List<AdditionalInferenceSpecificationDefinition> more = [.. package.AdditionalInferenceSpecifications ?? [], .. request.AdditionalInferenceSpecificationsToAdd ?? []];
        CheckNames(more);
        return package with
        {
            ModelApprovalStatus = request.ModelApprovalStatus ?? package.ModelApprovalStatus,
            ApprovalDescription = request.ApprovalDescription ?? package.ApprovalDescription,
            ModelPackageRegistrationType = request.ModelPackageRegistrationType ?? package.ModelPackageRegistrationType,
            CustomerMetadataProperties = metadata.Count > 0 ? metadata : null,
            AdditionalInferenceSpecifications = more.Count > 0 ? more : null,
            InferenceSpecification = request.InferenceSpecification ?? package.InferenceSpecification,
            SourceUri = request.SourceUri ?? package.SourceUri,
            ModelCard = request.ModelCard ?? package.ModelCard,
            ModelLifeCycle = request.ModelLifeCycle ?? package.ModelLifeCycle,
        };
    }

    /// <summary>The package that a request makes, as yet without what only versions have.</summary>
    public static DescribeModelPackage.Response Package(CreateModelPackage r, string arn, DateTimeOffset now) => new(
        r.ModelPackageName, arn, now, ModelPackageStatus.Completed, new ModelPackageStatusDetails([], []))
    {
        ModelPackageRegistrationType = r.ModelPackageRegistrationType,
        ModelPackageDescription = r.ModelPackageDescription,
        InferenceSpecification = r.InferenceSpecification,
        CertifyForMarketplace = r.CertifyForMarketplace,
        MetadataProperties = r.MetadataProperties,
        ModelMetrics = r.ModelMetrics,
        Domain = r.Domain,
        Task = r.Task,
        SamplePayloadUrl = r.SamplePayloadUrl,
        CustomerMetadataProperties = r.CustomerMetadataProperties,
        DriftCheckBaselines = r.DriftCheckBaselines,
        AdditionalInferenceSpecifications = r.AdditionalInferenceSpecifications,
        SkipModelValidation = r.SkipModelValidation,
        SourceUri = r.SourceUri,
        SecurityConfig = r.SecurityConfig,
        ModelCard = r.ModelCard,
        ModelLifeCycle = r.ModelLifeCycle,
    };

    private void CheckSpecifications(InferenceSpecification? main, IReadOnlyList<AdditionalInferenceSpecificationDefinition>? more, string operation)
    {
        CheckNames(more ?? []);
        foreach (var container in Containers(main, more))
        {
            data.Require(container.ModelDataUrl, container.ModelDataSource, $"{operation}.InferenceSpecification.Containers");
        }
    }

    private static IEnumerable<ModelPackageContainerDefinition> Containers(
        InferenceSpecification? main, IReadOnlyList<AdditionalInferenceSpecificationDefinition>? more) =>
        (main?.Containers ?? []).Concat((more ?? []).SelectMany(m => m.Containers ?? []));

    private static void CheckNames(IReadOnlyList<AdditionalInferenceSpecificationDefinition> specifications)
    {
        if (specifications.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1) is { } doubled)
        {
            throw AwsErrors.Validation($"AdditionalInferenceSpecification name {doubled.Key} is used more than once.");
        }
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string>? metadata)
    {
        foreach (var (key, value) in metadata ?? new Dictionary<string, string>())
        {
            if (key.Length is 0 or > 128 || value.Length is 0 or > 256)
            {
                throw AwsErrors.Validation($"CustomerMetadataProperties: the key '{key}' has 1 to 128 characters, and its value 1 to 256.");
            }
        }
    }
}
