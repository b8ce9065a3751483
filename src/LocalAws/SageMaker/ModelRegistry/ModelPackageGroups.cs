using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.ModelRegistry;

/// <summary>A group as it is kept.</summary>
/// <param name="Description">What DescribeModelPackageGroup answers.</param>
/// <param name="LastVersion">The greatest version number ever given: a deleted version's number does not come again.</param>
/// <param name="Policy">The resource policy, or null.</param>
internal sealed record ModelPackageGroup(DescribeModelPackageGroup.Response Description, int LastVersion = 0, string? Policy = null);

/// <summary>Model package groups: https://docs.aws.amazon.com/sagemaker/latest/dg/model-registry-model-group.html</summary>
internal sealed class ModelPackageGroups(LocalAwsOptions options, Database database, Tags tags, Changes changes)
{
    private readonly Table<ModelPackageGroup> _groups = new(database, "model-package-group", g => g.Description.ModelPackageGroupName);

    public CreateModelPackageGroup.Response Create(CreateModelPackageGroup request, Caller caller)
    {
        var arn = caller.Arn("sagemaker", "model-package-group/" + request.ModelPackageGroupName);
        var group = new DescribeModelPackageGroup.Response(
            request.ModelPackageGroupName, arn, options.Time.GetUtcNow(), Creator.Of(caller), ModelPackageGroupStatus.Completed, request.ModelPackageGroupDescription);
        database.Write(_ =>
        {
            if (!_groups.Insert(new(group)))
            {
                throw AwsErrors.Validation($"Model Package Group already exists: {arn}");
            }

            tags.Create(arn, request.Tags);
        });
        changes.Signal(arn);
        return new(arn);
    }

    public DescribeModelPackageGroup.Response Describe(DescribeModelPackageGroup request, Caller caller) =>
        Require(request.ModelPackageGroupName, caller).Description;

    public ListModelPackageGroups.Response List(ListModelPackageGroups request)
    {
        if (request.CrossAccountFilterOption == "CrossAccount")
        {
            throw AwsErrors.NotImplemented("ListModelPackageGroups.CrossAccountFilterOption CrossAccount, for it has one account");
        }

        var page = new Listing(
                request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Ascending,
                request.NextToken, request.MaxResults)
            .Page(_groups.All().Select(g => g.Description), g => g.ModelPackageGroupName, g => g.CreationTime, g => g.ModelPackageGroupArn);
        return new(
            [.. page.Items.Select(g => new ModelPackageGroupSummary(
                g.ModelPackageGroupName, g.ModelPackageGroupArn, g.CreationTime, g.ModelPackageGroupStatus, g.ModelPackageGroupDescription))],
            page.NextToken);
    }

    public PutModelPackageGroupPolicy.Response PutPolicy(PutModelPackageGroupPolicy request, Caller caller)
    {
        CheckPolicy(request.ResourcePolicy);
        var group = Require(request.ModelPackageGroupName, caller).Description;
        _groups.Change(group.ModelPackageGroupName, g => g with { Policy = request.ResourcePolicy });
        return new(group.ModelPackageGroupArn);
    }

    public GetModelPackageGroupPolicy.Response GetPolicy(GetModelPackageGroupPolicy request, Caller caller) =>
        new(RequirePolicy(request.ModelPackageGroupName, caller));

    public void DeletePolicy(DeleteModelPackageGroupPolicy request, Caller caller)
    {
        RequirePolicy(request.ModelPackageGroupName, caller);
        _groups.Change(request.ModelPackageGroupName, g => g with { Policy = null });
    }

    /// <summary>A group by its name or ARN.</summary>
    /// <exception cref="AwsException">ValidationException: there is none.</exception>
    public ModelPackageGroup Require(string nameOrArn, Caller caller)
    {
        var name = nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];
        var arn = nameOrArn == name ? caller.Arn("sagemaker", "model-package-group/" + name) : nameOrArn;
        return _groups.Find(name) is { } group && (nameOrArn == name || group.Description.ModelPackageGroupArn == arn)
            ? group
            : throw AwsErrors.Validation($"ModelPackageGroup {arn} does not exist.");
    }

    /// <summary>Takes the next version number of a group; call it in the transaction that inserts the version.</summary>
    public int NextVersion(string name) => _groups.Change(name, g => g with { LastVersion = g.LastVersion + 1 })!.LastVersion;

    /// <summary>Removes a group that is known to have no versions; call it in the transaction that looked.</summary>
    public void Remove(ModelPackageGroup group)
    {
        _groups.Delete(group.Description.ModelPackageGroupName);
        tags.Forget(group.Description.ModelPackageGroupArn);
    }

    private string RequirePolicy(string name, Caller caller) => Require(name, caller).Policy
        ?? throw AwsErrors.Validation($"ModelPackageGroup {name} has no resource policy.");

    private static void CheckPolicy(string policy) => JsonText.Read(policy, why => AwsErrors.Validation($"The resource policy {why}"));
}
