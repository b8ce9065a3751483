using System.Net;
using System.Net.Sockets;
using Slipway.LocalAws.SageMaker.Endpoints;

namespace Slipway.Tests.LocalAws.SageMaker.Endpoints;

/// <summary>Ports that are promised to model servers.</summary>
public sealed class PortLeaseTests
{
    [Fact]
    public void A_port_is_promised_once_and_again_after_it_was_given_back()
    {
        var lease = PortLease.Take();
        Assert.Null(PortLease.TryTake(lease.Port));
        lease.Dispose();
        using var again = PortLease.TryTake(lease.Port);
        Assert.NotNull(again);
    }

    [Fact]
    public void A_promised_port_can_be_listened_on_and_a_port_that_is_listened_on_is_not_promised()
    {
        using var lease = PortLease.Take();
        using var server = new TcpListener(IPAddress.Loopback, lease.Port);
        server.Start();
        lease.Dispose();
        Assert.Null(PortLease.TryTake(lease.Port));
    }
}
