using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.EventBridge;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.ModelRegistry;

/// <summary>Model packages, versions of a group and unversioned ones: https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-version.html</summary>
internal sealed class ModelPackages(
    LocalAwsOptions options, Database database, ModelPackageGroups groups, ClientTokens tokens, ModelPackageChecks checks, Tags tags, Changes changes,
    EventBus events)
{
    private readonly Table<DescribeModelPackage.Response> _packages = new(database, "model-package", Key);

    public CreateModelPackage.Response Create(CreateModelPackage request, Caller caller)
    {
        checks.Check(request);
        var arn = tokens.Once(request.ClientToken, request, () => Insert(request, caller));
        changes.Signal(arn);
        return new(arn);
    }

    public DescribeModelPackage.Response Describe(DescribeModelPackage request, Caller caller) => Require(request.ModelPackageName, caller);

    public ListModelPackages.Response List(ListModelPackages request, Caller caller)
    {
        var type = request.ModelPackageType ?? (request.ModelPackageGroupName is null ? ModelPackageType.Unversioned : ModelPackageType.Versioned);
        var group = request.ModelPackageGroupName is { } asked ? groups.Require(asked, caller).Description.ModelPackageGroupName : null;
        var found = _packages.All().Where(p =>
            (group is null || p.ModelPackageGroupName == group)
            && (type == ModelPackageType.Both || (type == ModelPackageType.Versioned) == p.ModelPackageVersion.HasValue)
            && (request.ModelApprovalStatus is null || p.ModelApprovalStatus == request.ModelApprovalStatus));
        var page = new Listing(
                request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Ascending,
                request.NextToken, request.MaxResults)
            .Page(found, Name, p => p.CreationTime, p => p.ModelPackageArn);
        return new([.. page.Items.Select(Summary)], page.NextToken);
    }

    public BatchDescribeModelPackage.Response Describe(BatchDescribeModelPackage request)
    {
        var found = new Dictionary<string, BatchDescribeModelPackageSummary>();
        var missing = new Dictionary<string, BatchDescribeModelPackageError>();
        foreach (var arn in request.ModelPackageArnList)
        {
            if (Find(arn) is { ModelPackageGroupName: not null } p)
            {
                found[arn] = new(
                    p.ModelPackageGroupName, arn, p.CreationTime, p.InferenceSpecification, p.ModelPackageStatus, p.ModelPackageVersion,
                    p.ModelPackageDescription, p.ModelApprovalStatus, p.ModelPackageRegistrationType);
            }
            else
            {
                missing[arn] = new("ValidationException", $"ModelPackage {arn} does not exist.");
            }
        }

        return new(found, missing);
    }

    public UpdateModelPackage.Response Update(UpdateModelPackage request, Caller caller)
    {
        checks.Check(request);
        var arn = tokens.Once(request.ClientToken, request, () =>
        {
            var package = Require(request.ModelPackageArn, caller);
            if (package.ModelPackageVersion is null && request.ModelApprovalStatus is not null)
            {
                throw AwsErrors.Validation($"ModelPackage {package.ModelPackageArn} is unversioned: it has no approval status.");
            }

            var changed = checks.Change(package, request) with { LastModifiedTime = options.Time.GetUtcNow(), LastModifiedBy = Creator.Of(caller) };
            _packages.Update(changed);
            Publish(changed);
            return package.ModelPackageArn;
        });
        changes.Signal(arn);
        return new(arn);
    }

    public void Delete(DeleteModelPackage request, Caller caller)
    {
        var arn = database.Write(_ =>
        {
            var package = Require(request.ModelPackageName, caller);
            _packages.Delete(Key(package));
            tags.Forget(package.ModelPackageArn);
            return package.ModelPackageArn;
        });
        changes.Signal(arn);
    }

    public void Delete(DeleteModelPackageGroup request, Caller caller)
    {
        var arn = database.Write(_ =>
        {
            var group = groups.Require(request.ModelPackageGroupName, caller);
            var versions = _packages.All().Count(p => p.ModelPackageGroupName == group.Description.ModelPackageGroupName);
            if (versions > 0)
            {
                throw AwsErrors.Conflict($"Model Package Group {group.Description.ModelPackageGroupArn} cannot be deleted: it still has {versions} model packages. Delete them first.");
            }

            groups.Remove(group);
            return group.Description.ModelPackageGroupArn;
        });
        changes.Signal(arn);
    }

    /// <summary>A package by its ARN, its name or <c>group/version</c>.</summary>
    /// <exception cref="AwsException">ValidationException: there is none.</exception>
    public DescribeModelPackage.Response Require(string name, Caller caller)
    {
        var arn = name.StartsWith("arn:", StringComparison.Ordinal) ? name : caller.Arn("sagemaker", "model-package/" + name);
        return Find(arn) ?? throw AwsErrors.Validation($"ModelPackage {arn} does not exist.");
    }

    private static string Key(DescribeModelPackage.Response package) => Key(Name(package), package.ModelPackageVersion);

    private static string Name(DescribeModelPackage.Response package) => package.ModelPackageGroupName ?? package.ModelPackageName!;

    private static string Key(string name, int? version) => version is null ? name : $"{name}/{version:D9}";

    private static ModelPackageSummary Summary(DescribeModelPackage.Response p) => new(
        p.ModelPackageArn, p.CreationTime, p.ModelPackageStatus, p.ModelPackageName, p.ModelPackageGroupName,
        p.ModelPackageVersion, p.ModelPackageDescription, p.ModelApprovalStatus, p.ModelLifeCycle, p.ModelPackageRegistrationType);

    private DescribeModelPackage.Response? Find(string arn)
    {
        var parts = arn.Split('/');
        var key = parts.Length == 3 && int.TryParse(parts[2], out var version) ? Key(parts[1], version) : parts[^1];
        return _packages.Find(key) is { } package && package.ModelPackageArn == arn ? package : null;
    }

    private string Insert(CreateModelPackage request, Caller caller)
    {
        var group = request.ModelPackageGroupName is { } asked ? groups.Require(asked, caller).Description.ModelPackageGroupName : null;
        int? version = group is null ? null : groups.NextVersion(group);
        var name = group ?? request.ModelPackageName!;
        var arn = caller.Arn("sagemaker", "model-package/" + (version is null ? name : $"{name}/{version}"));
        var package = ModelPackageChecks.Package(request, arn, options.Time.GetUtcNow()) with
        {
            ModelPackageGroupName = group,
            ModelPackageVersion = version,
            ModelApprovalStatus = group is null ? null : request.ModelApprovalStatus ?? ModelApprovalStatus.PendingManualApproval,
            CreatedBy = Creator.Of(caller),
        };
        if (!_packages.Insert(package))
        {
            throw AwsErrors.Validation($"Model Package already exists: {arn}");
        }

        tags.Create(arn, request.Tags);
        Publish(package);
        return arn;
    }

    /// <summary>Tells EventBridge of a package's state: https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html</summary>
    private void Publish(DescribeModelPackage.Response package) => events.Publish(
        "aws.sagemaker", "SageMaker Model Package State Change", [package.ModelPackageArn], JsonSerializer.SerializeToNode(package, AwsJson.Lenient)!.AsObject());
}
