using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;

namespace Slipway.LocalAws.Storage;

/// <summary>A change that waits for a transaction, and what became of it.</summary>
internal abstract class PendingChange
{
    /// <summary>Why nothing of it is kept, or null.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether it is over: committed, or undone because of its failure.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Makes the change, uncommitted.</summary>
    public abstract void Make(SqliteConnection connection);

    /// <summary>Says that nothing of it is kept; the first reason stays.</summary>
    public void Fail(Exception failure) => Failure ??= failure;

    /// <summary>Says that its transaction is over.</summary>
    public void End() => IsOver = true;
}

/// <inheritdoc/>
/// <param name="change">Makes it.</param>
internal sealed class PendingChange<T>(Func<SqliteConnection, T> change) : PendingChange
{
    private T? _result;

    /// <inheritdoc/>
    public override void Make(SqliteConnection connection) => _result = change(connection);

    /// <summary>What the change returned, once it is over; throws what it failed by.</summary>
    public T Result()
    {
        if (Failure is not null)
        {
            ExceptionDispatchInfo.Throw(Failure);
        }

        return _result!;
    }
}
