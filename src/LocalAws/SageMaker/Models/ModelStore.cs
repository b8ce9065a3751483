using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.SageMaker.ModelRegistry;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Models;

/// <summary>SageMaker's models: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModel.html</summary>
internal sealed class ModelStore(LocalAwsOptions options, Database database, Roles roles, ModelPackages packages, ModelData data, Tags tags)
{
    private readonly Table<DescribeModel.Response> _models = new(database, "model", m => m.ModelName);

    public CreateModel.Response Create(CreateModel request, Caller caller)
    {
        var arn = caller.Arn("sagemaker", "model/" + request.ModelName);
        RefuseUnsupported(request);
        CheckContainer(Container(request), caller);
        if (request.ExecutionRoleArn is { } role)
        {
            roles.Require(role);
        }
        else
        {
            throw AwsErrors.Validation("ExecutionRoleArn is required for a model that an endpoint serves.");
        }

        database.Write(_ =>
        {
            if (!_models.Insert(new(
                request.ModelName, arn, options.Time.GetUtcNow(), role, request.PrimaryContainer, request.Containers, request.VpcConfig, request.EnableNetworkIsolation ?? false)))
            {
                throw AwsErrors.Validation($"Cannot create already existing model \"{arn}\".");
            }

            tags.Create(arn, request.Tags);
        });
        return new(arn);
    }

    public DescribeModel.Response Describe(DescribeModel request, Caller caller) => Require(request.ModelName, caller);

    public ListModels.Response List(ListModels request)
    {
        var page = new Listing(
                request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Descending,
                request.NextToken, request.MaxResults)
            .Page(_models.All(), m => m.ModelName, m => m.CreationTime, m => m.ModelArn);
        return new([.. page.Items.Select(m => new ModelSummary(m.ModelName, m.ModelArn, m.CreationTime))], page.NextToken);
    }

    public void Delete(DeleteModel request, Caller caller) => database.Write(_ =>
    {
        var model = Require(request.ModelName, caller);
        _models.Delete(model.ModelName);
        tags.Forget(model.ModelArn);
    });

    /// <summary>What a model runs, its model package looked up.</summary>
    /// <exception cref="AwsException">ValidationException: the model or its package is not there.</exception>
    public ServedContainer Served(string name, Caller caller)
    {
        var model = Require(name, caller);
        var container = model.PrimaryContainer ?? model.Containers![0];
        if (container.ModelPackageName is not { } package)
        {
            var archive = container.ModelDataUrl ?? container.ModelDataSource?.S3DataSource?.S3Uri;
            return new(container.Image!, archive, container.Environment ?? new Dictionary<string, string>()) { RoleArn = model.ExecutionRoleArn };
        }

        var registered = packages.Require(package, caller);
        var definition = Definition(registered, container.InferenceSpecificationName);
        var environment = new Dictionary<string, string>(definition.Environment ?? new Dictionary<string, string>());
        foreach (var (key, value) in container.Environment ?? new Dictionary<string, string>())
        {
            environment[key] = value;
        }

        return new(definition.Image!, definition.ModelDataUrl ?? definition.ModelDataSource?.S3DataSource?.S3Uri, environment)
        {
            RoleArn = model.ExecutionRoleArn,
            SamplePayloadUrl = registered.SamplePayloadUrl,
            SampleContentType = registered.InferenceSpecification?.SupportedContentTypes?.FirstOrDefault(),
        };
    }

    /// <summary>Refuses what no endpoint here can serve; what a request does not say yet is no reason.</summary>
    /// <exception cref="AwsException">NotImplemented.</exception>
    internal static void RefuseUnsupported(CreateModel request)
    {
        if (request.Containers is { Count: > 1 })
        {
            throw AwsErrors.NotImplemented("CreateModel.Containers with more than one container");
        }

        var container = request.PrimaryContainer ?? request.Containers?.FirstOrDefault();
        if (container?.Mode == "MultiModel")
        {
            throw AwsErrors.NotImplemented("CreateModel.PrimaryContainer.Mode MultiModel");
        }

        ModelData.RefuseUnsupported(container?.ModelDataUrl, container?.ModelDataSource, "CreateModel.PrimaryContainer");
    }

    private static ContainerDefinition Container(CreateModel request)
    {
        if ((request.PrimaryContainer is null) == (request.Containers is null or []))
        {
            throw AwsErrors.Validation("Exactly one of PrimaryContainer and Containers must be given.");
        }

        return request.PrimaryContainer ?? request.Containers![0];
    }

    private void CheckContainer(ContainerDefinition container, Caller caller)
    {
        if (container.ModelPackageName is not { } package)
        {
            if (container.Image is null)
            {
                throw AwsErrors.Validation("A container needs an Image or a ModelPackageName.");
            }

            data.Require(container.ModelDataUrl, container.ModelDataSource, "CreateModel.PrimaryContainer");
            return;
        }

        if (container is not { Image: null, ModelDataUrl: null, ModelDataSource: null })
        {
            throw AwsErrors.Validation("A container with a ModelPackageName can't have an Image or model data of its own.");
        }

        var registered = packages.Require(package, caller);
        if (registered.ModelPackageVersion is not null && registered.ModelApprovalStatus != ModelApprovalStatus.Approved)
        {
            throw AwsErrors.Validation(
                $"Cannot create model from model package {registered.ModelPackageArn}: its approval status is {registered.ModelApprovalStatus}, not Approved.");
        }

        Definition(registered, container.InferenceSpecificationName);
    }

    private static ModelPackageContainerDefinition Definition(DescribeModelPackage.Response package, string? specification)
    {
        var containers = specification is null
            ? package.InferenceSpecification?.Containers
            : package.AdditionalInferenceSpecifications?.FirstOrDefault(s => s.Name == specification)?.Containers;
        return containers switch
        {
            null => throw AwsErrors.Validation($"Model package {package.ModelPackageArn} has no inference specification{(specification is null ? "" : $" named {specification}")}."),
            { Count: > 1 } => throw AwsErrors.NotImplemented("CreateModel from a model package with more than one container"),
            [{ Image: null }] => throw AwsErrors.Validation($"The container of model package {package.ModelPackageArn} has no Image."),
            _ => containers[0],
        };
    }

    private DescribeModel.Response Require(string name, Caller caller) => _models.Find(name)
        ?? throw AwsErrors.Validation($"Could not find model \"{caller.Arn("sagemaker", "model/" + name)}\".");
}

/// <summary>What a server of a model is made of.</summary>
/// <param name="Image">The image.</param>
/// <param name="ModelDataUrl">The archive that becomes /opt/ml/model, or null.</param>
/// <param name="Environment">The container's variables.</param>
internal sealed record ServedContainer(string Image, string? ModelDataUrl, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>The role that it runs as, or null.</summary>
    public string? RoleArn { get; init; }

    /// <summary>A request in S3 that a new server must answer, or null.</summary>
    public string? SamplePayloadUrl { get; init; }

    /// <summary>Its content type.</summary>
    public string? SampleContentType { get; init; }
}
