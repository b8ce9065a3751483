namespace Slipway.ModelServer.Serving;

/// <summary>A request that can't be answered; the message tells its sender where it is wrong and what to do.</summary>
/// <param name="status">The HTTP status, a 4xx.</param>
/// <param name="message">What was wrong.</param>
/// <param name="inner">What led to it.</param>
internal sealed class InvocationException(int status, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The HTTP status, a 4xx.</summary>
    public int Status { get; } = status;
}
