using System.Globalization;
using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Release;

/// <summary>What a deployment came to.</summary>
/// <param name="EndpointArn">The endpoint.</param>
/// <param name="Version">The version that answers now.</param>
/// <param name="Created">Whether the endpoint is new.</param>
/// <param name="Changed">False where the version was there already.</param>
public sealed record DeploymentResult(string EndpointArn, int Version, bool Created, bool Changed);

/// <summary>
/// Brings a version of a model to the endpoint. An endpoint configuration is named
/// <c>ENDPOINT-vVERSION-TIME</c>: this, and nothing kept elsewhere, tells which version an endpoint serves and which it served before.
/// </summary>
public sealed class Deployment(AwsSession session, ProjectNames names, TimeProvider time)
{
    private const string Variant = "AllTraffic";
    private const string InstanceType = "ml.m5.large";
    private readonly EndpointState _endpoint = new(session, names, time);

    /// <summary>Creates the endpoint with a version, or updates it, and waits until that version answers.</summary>
    /// <exception cref="WorkflowException">The version did not come up; the endpoint answers with the one before, where there was one.</exception>
    public async Task<DeploymentResult> Deploy(DescribeModelPackage.Response version, Action<string> changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(changed);
        if (version.ModelApprovalStatus != ModelApprovalStatus.Approved)
        {
            throw new BadInputException(
                $"Version {version.ModelPackageVersion} is {version.ModelApprovalStatus}, and only an approved version is deployed. ./slipway models approve {version.ModelPackageVersion} approves it.");
        }

        var number = version.ModelPackageVersion!.Value;
        // a deployment that is under way decides what is there to change
        var endpoint = await _endpoint.Settle(_ => { }, cancellation);
        if (endpoint is { EndpointStatus: EndpointStatus.InService } && VersionOf(endpoint.EndpointConfigName) == number)
        {
            return new(endpoint.EndpointArn, number, Created: false, Changed: false);
        }

        var model = await EnsureModel(version, cancellation);
        var configuration = await CreateConfiguration(model, number, cancellation);
        return await Switch(endpoint, configuration, number, changed, cancellation);
    }

    /// <summary>Goes back to the version that the endpoint served before the present one.</summary>
    /// <exception cref="BadInputException">There is no endpoint, or it has served one version only.</exception>
    public async Task<DeploymentResult> Rollback(Action<string> changed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(changed);
        var endpoint = await _endpoint.Settle(_ => { }, cancellation) ?? throw new BadInputException($"There is no endpoint {names.Endpoint} to roll back.");
        var current = VersionOf(endpoint.EndpointConfigName);
        var configurations = await _endpoint.Configurations(cancellation);
        var since = configurations.FirstOrDefault(c => c.EndpointConfigName == endpoint.EndpointConfigName)?.CreationTime;
        var previous = configurations.FirstOrDefault(c => c.CreationTime < since && VersionOf(c.EndpointConfigName) is { } version && version != current)
            ?? throw new BadInputException($"{names.Endpoint} has served no version before {current}, so there is none to go back to.");
        return await Switch(endpoint, previous.EndpointConfigName, VersionOf(previous.EndpointConfigName)!.Value, changed, cancellation);
    }

    /// <summary>The version that the endpoint serves; null where there is no endpoint or Slipway did not deploy it.</summary>
    public async Task<int?> Serving(CancellationToken cancellation) =>
        await _endpoint.Find(cancellation) is { } endpoint ? VersionOf(endpoint.EndpointConfigName) : null;

    private async Task<DeploymentResult> Switch(
        DescribeEndpoint.Response? endpoint, string configuration, int version, Action<string> changed, CancellationToken cancellation)
    {
        if (endpoint is { EndpointStatus: EndpointStatus.Failed })
        {
            // AWS updates no failed endpoint: it answers nothing, so nothing is lost by making it anew
            await session.Aws.Send(new DeleteEndpoint(names.Endpoint), cancellation);
            await _endpoint.Settle(changed, cancellation);
            endpoint = null;
        }

        var arn = endpoint is null
            ? (await session.Aws.Send(new CreateEndpoint(names.Endpoint, configuration), cancellation)).EndpointArn
            : (await session.Aws.Send(new UpdateEndpoint(names.Endpoint, configuration), cancellation)).EndpointArn;
        var ended = await _endpoint.Settle(changed, cancellation);
        if (ended is not { EndpointStatus: EndpointStatus.InService } || ended.EndpointConfigName != configuration)
        {
            throw new WorkflowException($"Version {version} did not come up on {names.Endpoint}: {ended?.FailureReason ?? "the endpoint is gone"}");
        }

        return new(arn, version, Created: endpoint is null, Changed: true);
    }

    /// <summary>A version is one model: deployed again, it is the same one.</summary>
    private async Task<string> EnsureModel(DescribeModelPackage.Response version, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{names.ModelPackageGroup}-v{version.ModelPackageVersion}");
        try
        {
            await session.Aws.Send(new DescribeModel(name), cancellation);
        }
        catch (AwsException e) when (e.Code == "ValidationException")
        {
            await session.Aws.Send(
                new CreateModel(name, ExecutionRoleArn: names.RequireRole(), PrimaryContainer: new ContainerDefinition(ModelPackageName: version.ModelPackageArn)), cancellation);
        }

        return name;
    }

    private async Task<string> CreateConfiguration(string model, int version, CancellationToken cancellation)
    {
        var stamp = time.GetUtcNow().ToUnixTimeMilliseconds();
        var name = string.Create(CultureInfo.InvariantCulture, $"{names.Endpoint}-v{version}-{stamp}");
        var variant = new ProductionVariant(Variant, ModelName: model, InitialInstanceCount: 1, InstanceType: InstanceType, InitialVariantWeight: 1);
        await session.Aws.Send(new CreateEndpointConfig(name, [variant]), cancellation);
        return name;
    }

    /// <summary>The version of an endpoint configuration; null where there is none or Slipway did not make it.</summary>
    internal int? VersionOf(string? configuration)
    {
        var prefix = $"{names.Endpoint}-v";
        return configuration?.StartsWith(prefix, StringComparison.Ordinal) == true && int.TryParse(configuration[prefix.Length..].Split('-')[0], out var version)
            ? version : null;
    }
}
