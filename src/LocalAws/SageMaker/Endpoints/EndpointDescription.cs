using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>What DescribeEndpoint says of an endpoint, and of the deployment that is under way: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeEndpoint.html</summary>
internal static class EndpointDescription
{
    /// <param name="state">The endpoint.</param>
    /// <param name="fleet">The servers of the deployment that is under way, or null before they begin to start.</param>
    public static DescribeEndpoint.Response Of(EndpointState state, Fleet? fleet) => new(state.Name, state.Arn, state.Status, state.Created, state.Modified)
    {
        EndpointConfigName = (state.Current ?? state.Pending)?.EndpointConfigName,
        ProductionVariants = state.Current is { } current ? [.. current.Variants.Select((v, i) => Serving(state, fleet, v, i))] : null,
        FailureReason = state.FailureReason,
        LastDeploymentConfig = (state.Current ?? state.Pending)?.Config,
        PendingDeploymentSummary = state is { Pending: { Rescales: false } pending, Status: not EndpointStatus.Failed }
            ? new(pending.EndpointConfigName, [.. pending.Variants.Select((v, i) => Pending(state, fleet, v, i))], pending.Started) : null,
    };

    private static ProductionVariantSummary Serving(EndpointState state, Fleet? fleet, DeployedVariant variant, int index)
    {
        // UpdateEndpointWeightsAndCapacities changes the variants that serve; a new configuration has variants of its own
        var wanted = state.Pending is { Rescales: true } rescaled ? rescaled.Variants[index] : variant;
        var current = fleet?.ServesSince is null ? variant : wanted;
        IReadOnlyList<ProductionVariantStatus>? status = state.Status == EndpointStatus.Deleting ? [new(VariantStatus.Deleting, StartTime: state.Modified)]
            : state.Pending is { Rescales: true } change ? [new(VariantStatus.Updating, StartTime: change.Started)] : null;
        return new(
            variant.Variant.VariantName, Images(variant, state.Current!), current.Weight, wanted.Weight, current.Instances, wanted.Instances, status, variant.Variant.RoutingConfig);
    }

    private static PendingProductionVariantSummary Pending(EndpointState state, Fleet? fleet, DeployedVariant variant, int index)
    {
        var status = state.Status == EndpointStatus.RollingBack ? new ProductionVariantStatus(VariantStatus.Deleting, state.FailureReason, state.Modified)
            : fleet?.ServesSince is { } since ? new(VariantStatus.Baking, StartTime: since)
            : new(VariantStatus.Creating, StartTime: state.Pending!.Started);
        return new(
            variant.Variant.VariantName, Images(variant, state.Pending!), status.Status == VariantStatus.Baking ? variant.Weight : 0, variant.Weight,
            fleet?.Variants[index].Servers.Count(s => s.Invocations is not null) ?? 0, variant.Instances, variant.Variant.InstanceType, [status], variant.Variant.RoutingConfig);
    }

    private static IReadOnlyList<DeployedImage> Images(DeployedVariant variant, Deployment deployment) =>
        [new(variant.Container.Image, variant.Container.Image, deployment.Started)];
}
