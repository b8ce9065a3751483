using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Slipway.LocalAws.SageMakerRuntime;

/// <summary>A server of a model ended before it had answered, or could not be reached.</summary>
/// <param name="wasAsked">Whether it may have seen anything of the request, and ended of that.</param>
/// <param name="cause">What was seen of that.</param>
internal sealed class ModelGoneException(bool wasAsked, Exception cause) : Exception(cause.Message, cause)
{
    public bool WasAsked { get; } = wasAsked;
}

/// <summary>The connections to one process that serves a model, kept while it does.</summary>
internal sealed class ModelConnections(int port, TimeProvider time) : IDisposable
{
    // shorter than what servers keep an idle connection for (gunicorn 2 s), so that none is used that is being closed
    private static readonly TimeSpan LongestIdle = TimeSpan.FromSeconds(1);
    private readonly List<ModelConnection> _idle = [];
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>Asks for a prediction.</summary>
    /// <exception cref="ModelGoneException">The server ended, or could not be reached, before it had answered.</exception>
    /// <exception cref="OperationCanceledException">60 seconds have passed, or who asked has gone.</exception>
    public async Task<ModelAnswer> Ask(HttpRequest from, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        while (true)
        {
            var known = TakeIdle();
            var connection = known ?? await Open(cancellation);
            try
            {
                var answer = await connection.Ask(from, body, cancellation);
                GiveBack(connection);
                return answer;
            }
            catch (Exception e)
            {
                connection.Dispose();
                if (e is not (IOException or SocketException))
                {
                    throw;
                }

                // a request that may have ended a server is not sent again; one of which nothing left, on a connection that
                // was closed just when it was used again, is: another connection shows whether the server is there
                if (known is null || connection.HasSent)
                {
                    throw new ModelGoneException(connection.HasSent, e);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isOver = true;
            _idle.ForEach(c => c.Dispose());
            _idle.Clear();
        }
    }

    private async Task<ModelConnection> Open(CancellationToken cancellation)
    {
        try
        {
            return await ModelConnection.Open(port, time, cancellation);
        }
        catch (SocketException e)
        {
            throw new ModelGoneException(wasAsked: false, e);
        }
    }

    private ModelConnection? TakeIdle()
    {
        while (true)
        {
            ModelConnection connection;
            lock (_lock)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }

                connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }

            if (!IsOld(connection) && !connection.IsOver)
            {
                return connection;
            }

            connection.Dispose();
        }
    }

    private void GiveBack(ModelConnection connection)
    {
        connection.LastUsed = time.GetTimestamp();
        ModelConnection? old = null;
        lock (_lock)
        {
            if (_isOver || !connection.StaysOpen)
            {
                old = connection;
            }
            else
            {
                _idle.Add(connection);
                if (IsOld(_idle[0]))
                {
                    // a burst leaves more than are needed: the first has waited longest
                    old = _idle[0];
                    _idle.RemoveAt(0);
                }
            }
        }

        old?.Dispose();
    }

    private bool IsOld(ModelConnection connection) => time.GetElapsedTime(connection.LastUsed) > LongestIdle;
}
