using Slipway.Aws.Client;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.Workflow.Release;

/// <summary>The endpoint as AWS has it.</summary>
internal sealed class EndpointState(AwsSession session, ProjectNames names, TimeProvider time)
{
    /// <summary>The endpoint, or null where there is none.</summary>
    public async Task<DescribeEndpoint.Response?> Find(CancellationToken cancellation)
    {
        try
        {
            return await session.Aws.Send(new DescribeEndpoint(names.Endpoint), cancellation);
        }
        catch (AwsException e) when (e.Code == "ValidationException")
        {
            return null;
        }
    }

    /// <summary>Waits until the endpoint has come to rest, or is gone (null).</summary>
    public async Task<DescribeEndpoint.Response?> Settle(Action<string> changed, CancellationToken cancellation)
    {
        var waiting = new Waiting(time);
        EndpointStatus? last = null;
        while (await Find(cancellation) is { } endpoint)
        {
            if (endpoint.EndpointStatus != last)
            {
                last = endpoint.EndpointStatus;
                changed(last.ToString()!);
                waiting.Changed();
            }

            if (last is EndpointStatus.InService or EndpointStatus.Failed or EndpointStatus.OutOfService)
            {
                return endpoint;
            }

            await waiting.Next(cancellation);
        }

        return null;
    }

    /// <summary>The endpoint configurations that Slipway made for this endpoint, the newest first.</summary>
    public async Task<IReadOnlyList<EndpointConfigSummary>> Configurations(CancellationToken cancellation)
    {
        var found = new List<EndpointConfigSummary>();
        string? token = null;
        do
        {
            var page = await session.Aws.Send(new ListEndpointConfigs(NameContains: $"{names.Endpoint}-v", NextToken: token, MaxResults: 100), cancellation);
            found.AddRange(page.EndpointConfigs);
            token = page.NextToken;
        }
        while (token is not null);
        return [.. found.OrderByDescending(c => c.CreationTime)];
    }
}
