using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Slipway.LocalAws.SageMaker.Endpoints;

/// <summary>
/// A TCP port of 127.0.0.1 for a program that is yet to listen on it. The UDP port of the same number is held meanwhile,
/// so that no other local AWS on this machine gives the port away, and the system frees it however this process ends.
/// </summary>
internal sealed class PortLease : IDisposable
{
    // below what Linux (from 32768), macOS and Windows (from 49152) give to outgoing connections by themselves
    private const int First = 20000;
    private const int Count = 12000;
    private readonly Socket _held;

    private PortLease(int port, Socket held) => (Port, _held) = (port, held);

    /// <summary>The port's number.</summary>
    public int Port { get; }

    /// <summary>Takes a free port.</summary>
    /// <exception cref="IOException">All of them are taken.</exception>
    public static PortLease Take()
    {
        var start = RandomNumberGenerator.GetInt32(Count);
        for (var i = 0; i < Count; i++)
        {
            if (TryTake(First + ((start + i) % Count)) is { } lease)
            {
                return lease;
            }
        }

        throw new IOException($"There is no free TCP port from {First} to {First + Count - 1} for a model server. End what listens there.");
    }

    /// <summary>Takes a port, or gives null where it is not free.</summary>
    public static PortLease? TryTake(int port)
    {
        var held = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ExclusiveAddressUse = true };
        try
        {
            held.Bind(new IPEndPoint(IPAddress.Loopback, port));
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return new(port, held);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
        {
            held.Dispose();
            return null;
        }
    }

    public void Dispose() => _held.Dispose();
}
