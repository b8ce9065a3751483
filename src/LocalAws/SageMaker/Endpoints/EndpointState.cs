using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>An endpoint as it is kept.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Status">Its state; changes go through <see cref="MoveTo"/>.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Modified">When it last changed.</param>
/// <param name="Current">What serves, or null before the first deployment has succeeded.</param>
/// <param name="Pending">What is being deployed, or null.</param>
/// <param name="FailureReason">Why the last deployment failed, or null.</param>
internal sealed record EndpointState(
    string Name, string Arn, EndpointStatus Status, DateTimeOffset Created, DateTimeOffset Modified,
    Deployment? Current = null, Deployment? Pending = null, string? FailureReason = null)
{
    private const int LongestReason = 1024;

    private static readonly Dictionary<EndpointStatus, EndpointStatus[]> Transitions = new()
    {
        [EndpointStatus.Creating] = [EndpointStatus.InService, EndpointStatus.Failed],
        [EndpointStatus.InService] = [EndpointStatus.Updating, EndpointStatus.Deleting],
        [EndpointStatus.Updating] = [EndpointStatus.InService, EndpointStatus.RollingBack],
        [EndpointStatus.RollingBack] = [EndpointStatus.InService],
        [EndpointStatus.Failed] = [EndpointStatus.Deleting],
        [EndpointStatus.Deleting] = [],
    };

    /// <summary>Whether an operation of the user's may change it now.</summary>
    public bool IsSettled => Status is EndpointStatus.InService or EndpointStatus.Failed;

    /// <summary>The endpoint in another state.</summary>
    /// <exception cref="InvalidOperationException">The state does not follow from the one it is in.</exception>
    public EndpointState MoveTo(EndpointStatus status, DateTimeOffset now, string? reason = null) => Transitions[Status].Contains(status)
        ? this with { Status = status, Modified = now, FailureReason = reason is { Length: > LongestReason } ? reason[..LongestReason] : reason }
        : throw new InvalidOperationException($"an endpoint does not go from {Status} to {status}");
}

/// <summary>What an endpoint serves, or is to serve: the configuration and its models as they were when it was asked for.</summary>
/// <param name="EndpointConfigName">The configuration's name.</param>
/// <param name="Variants">Its variants.</param>
/// <param name="Started">When it was asked for.</param>
/// <param name="Config">How it is brought about.</param>
/// <param name="Rescales">Whether it changes weights and numbers of instances alone, of what serves.</param>
internal sealed record Deployment(
    string EndpointConfigName, IReadOnlyList<DeployedVariant> Variants, DateTimeOffset Started, DeploymentConfig? Config, bool Rescales = false);

/// <summary>A variant with all that its servers are made of.</summary>
internal sealed record DeployedVariant(ProductionVariant Variant, Models.ServedContainer Container, int Instances, float Weight, string Region);
