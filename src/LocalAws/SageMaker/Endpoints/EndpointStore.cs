using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Models;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>Endpoints: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html</summary>
internal sealed class EndpointStore(LocalAwsOptions options, Database database, EndpointTable table, EndpointConfigs configs, ModelStore models, Deployments deployments)
{
    public CreateEndpoint.Response Create(CreateEndpoint request, Caller caller)
    {
        CheckPolicy(request.DeploymentConfig, "CreateEndpoint");
        var arn = Arn(request.EndpointName, caller);
        var now = options.Time.GetUtcNow();
        var deployment = Deployment(configs.Require(request.EndpointConfigName, caller), request.DeploymentConfig, caller);
        if (!table.Insert(new(request.EndpointName, arn, EndpointStatus.Creating, now, now, Pending: deployment), request.Tags))
        {
            throw AwsErrors.Validation($"Cannot create already existing endpoint \"{arn}\".");
        }

        deployments.GoOn(request.EndpointName);
        return new(arn);
    }

    public DescribeEndpoint.Response Describe(DescribeEndpoint request, Caller caller)
    {
        // asked for first, so that it is there as long as the state says that a deployment is under way
        var fleet = deployments.Deploying(request.EndpointName);
        var state = Require(request.EndpointName, caller);
        return EndpointDescription.Of(state, fleet?.Deployment.Started == state.Pending?.Started ? fleet : null);
    }

    public ListEndpoints.Response List(ListEndpoints request)
    {
        var found = table.All().Where(e =>
            (request.StatusEquals is null || e.Status == request.StatusEquals)
            && (request.LastModifiedTimeAfter is null || e.Modified > request.LastModifiedTimeAfter)
            && (request.LastModifiedTimeBefore is null || e.Modified < request.LastModifiedTimeBefore));
        var page = new Listing(
                request.NameContains, request.CreationTimeAfter, request.CreationTimeBefore, request.SortBy, request.SortOrder ?? SortOrder.Descending,
                request.NextToken, request.MaxResults)
            .Page(found, e => e.Name, e => e.Created, e => e.Arn, e => e.Status.ToString());
        return new([.. page.Items.Select(e => new EndpointSummary(e.Name, e.Arn, e.Created, e.Modified, e.Status))], page.NextToken);
    }

    public UpdateEndpoint.Response Update(UpdateEndpoint request, Caller caller)
    {
        CheckPolicy(request.DeploymentConfig, "UpdateEndpoint");
        var config = configs.Require(request.EndpointConfigName, caller);
        return new(Change(request.EndpointName, caller, current =>
        {
            var policy = request.DeploymentConfig ?? (request.RetainDeploymentConfig == true ? current.Config : null);
            var deployment = Deployment(config, policy, caller);
            return request.RetainAllVariantProperties == true
                ? deployment with { Variants = [.. deployment.Variants.Select(v => Retain(v, current, request.ExcludeRetainedVariantProperties ?? []))] }
                : deployment;
        }));
    }

    public UpdateEndpointWeightsAndCapacities.Response Update(UpdateEndpointWeightsAndCapacities request, Caller caller) =>
        new(Change(request.EndpointName, caller, current => current with
        {
            Started = options.Time.GetUtcNow(),
            Variants = Desired(current.Variants, request.DesiredWeightsAndCapacities),
            Rescales = true,
        }));

    public void Delete(DeleteEndpoint request, Caller caller)
    {
        database.Write(_ =>
        {
            var state = Settled(request.EndpointName, caller);
            table.Move(state.Name, EndpointStatus.Deleting, null);
        });
        deployments.GoOn(request.EndpointName);
    }

    private static string Arn(string name, Caller caller) => caller.Arn("sagemaker", "endpoint/" + name);

    private static IReadOnlyList<DeployedVariant> Desired(IReadOnlyList<DeployedVariant> variants, IReadOnlyList<DesiredWeightAndCapacity> desired)
    {
        if (desired.FirstOrDefault(d => variants.All(v => v.Variant.VariantName != d.VariantName)) is { } unknown)
        {
            throw AwsErrors.Validation($"The variant name \"{unknown.VariantName}\" was non-existent.");
        }

        foreach (var count in desired.Select(d => d.DesiredInstanceCount ?? 1))
        {
            EndpointConfigs.RequireCapacity(count);
            if (count == 0)
            {
                throw AwsErrors.NotImplemented("UpdateEndpointWeightsAndCapacities.DesiredInstanceCount 0");
            }
        }

        return [.. variants.Select(v => desired.LastOrDefault(d => d.VariantName == v.Variant.VariantName) is { } d
            ? v with { Weight = d.DesiredWeight ?? v.Weight, Instances = d.DesiredInstanceCount ?? v.Instances } : v)];
    }

    private static DeployedVariant Retain(DeployedVariant variant, Deployment current, IReadOnlyList<VariantProperty> except)
    {
        bool Kept(string property) => except.All(e => e.VariantPropertyType != property);
        return current.Variants.FirstOrDefault(v => v.Variant.VariantName == variant.Variant.VariantName) is not { } before ? variant : variant with
        {
            Instances = Kept("DesiredInstanceCount") ? before.Instances : variant.Instances,
            Weight = Kept("DesiredWeight") ? before.Weight : variant.Weight,
        };
    }

    private static void CheckPolicy(DeploymentConfig? config, string operation)
    {
        if (config?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration is { Type: not "ALL_AT_ONCE" } routing)
        {
            throw AwsErrors.NotImplemented($"{operation}.DeploymentConfig.BlueGreenUpdatePolicy.TrafficRoutingConfiguration.Type {routing.Type}");
        }
    }

    private string Change(string name, Caller caller, Func<Deployment, Deployment> next)
    {
        var arn = database.Write(_ =>
        {
            var state = Settled(name, caller);
            if (state.Status != EndpointStatus.InService)
            {
                throw AwsErrors.Validation($"Cannot update endpoint \"{state.Arn}\" in status {state.Status}: delete it and create it again.");
            }

            var pending = next(state.Current!);
            table.Move(name, EndpointStatus.Updating, null, s => s with { Pending = pending });
            return state.Arn;
        });
        deployments.GoOn(name);
        return arn;
    }

    private EndpointState Settled(string name, Caller caller)
    {
        var state = Require(name, caller);
        return state.IsSettled ? state : throw AwsErrors.Validation($"Cannot update in-progress endpoint \"{state.Arn}\".");
    }

    private EndpointState Require(string name, Caller caller) => table.Find(name)
        ?? throw AwsErrors.Validation($"Could not find endpoint \"{Arn(name, caller)}\".");

    private Deployment Deployment(DescribeEndpointConfig.Response config, DeploymentConfig? policy, Caller caller) => new(
        config.EndpointConfigName,
        [.. config.ProductionVariants.Select(v => new DeployedVariant(
            v, models.Served(v.ModelName!, caller), v.InitialInstanceCount!.Value, v.InitialVariantWeight ?? 1, caller.Region))],
        options.Time.GetUtcNow(), policy);
}
