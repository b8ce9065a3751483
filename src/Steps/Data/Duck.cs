using DuckDB.NET.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Data;

/// <summary>
/// DuckDB for one step: on two threads and in bounded memory; what does not fit goes to a folder that is removed at the end.
/// </summary>
internal sealed class Duck : IDisposable
{
    private readonly Task<DuckDBConnection> _opening;
    private readonly List<Task> _beside = [];

    /// <summary>Opens an empty database in memory.</summary>
    public Duck()
    {
        Scratch = Directory.CreateTempSubdirectory("slipway-").FullName;
        // Loading DuckDB takes as long as all else that a step does before its first query: they go on at the same time.
        _opening = Task.Run(Open);
    }

    private Duck(Duck other) => (Scratch, _opening) = (other.Scratch, Task.FromResult(Another(other.Connection)));

    /// <summary>The connection.</summary>
    public DuckDBConnection Connection => _opening.GetAwaiter().GetResult();

    /// <summary>A folder that lives as long as this object.</summary>
    public string Scratch { get; }

    /// <summary>Runs queries beside those that come after, on the same tables: what one thread does by itself leaves the other idle.</summary>
    public Task<T> Beside<T>(Func<Duck, T> run)
    {
        var other = new Duck(this);
        var running = Task.Run(() =>
        {
            using (other.Connection)
            {
                return run(other);
            }
        });
        _beside.Add(running);
        return running;
    }

    /// <summary>Runs a statement.</summary>
    /// <exception cref="StepFailedException">DuckDB refused it, or the data.</exception>
    public void Execute(string sql)
    {
        using var command = Command(sql);
        Explained(command.ExecuteNonQuery);
    }

    /// <summary>The single row of a query, by column name.</summary>
    /// <exception cref="StepFailedException">DuckDB refused it, or the data.</exception>
    public Dictionary<string, object?> Row(string sql) => Rows(sql).Single();

    /// <summary>All rows of a query, by column name.</summary>
    /// <exception cref="StepFailedException">DuckDB refused it, or the data.</exception>
    public List<Dictionary<string, object?>> Rows(string sql)
    {
        using var command = Command(sql);
        return Explained(() =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<Dictionary<string, object?>>();
            while (reader.Read())
            {
                var row = new Dictionary<string, object?>(StringComparer.Ordinal);
                for (var i = 0; i < reader.FieldCount; i++)
                {
                    row[reader.GetName(i)] = reader.IsDBNull(i) ? null : reader.GetValue(i);
                }
                rows.Add(row);
            }
            return rows;
        });
    }

    /// <summary>The failure of a step for what DuckDB says of a query.</summary>
    public static StepFailedException Refused(string message) => Refused(message, null);

    /// <inheritdoc/>
    public void Dispose()
    {
        // what these threw, whoever waits for them is told
        Task.WhenAll([_opening, .. _beside]).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        if (_opening.IsCompletedSuccessfully)
        {
            Connection.Dispose();
        }
        Directory.Delete(Scratch, recursive: true);
    }

    private DuckDBConnection Open()
    {
        var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        // With its usual buffer of 1 MB DuckDB answers with one thread where the answer is not held as a whole.
        command.CommandText = $"SET threads = 2; SET memory_limit = '450MB'; SET streaming_buffer_size = '16MB'; SET temp_directory = {Encoder.SqlText(Scratch)};";
        command.ExecuteNonQuery();
        return connection;
    }

    private static DuckDBConnection Another(DuckDBConnection connection)
    {
        var other = connection.Duplicate();
        other.Open();
        return other;
    }

    private DuckDBCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }

    private static T Explained<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (DuckDBException e)
        {
            throw Refused(e.Message, e);
        }
    }

    // The first line is what happened; the rest quotes our SQL.
    private static StepFailedException Refused(string message, Exception? inner) => new(message.Split('\n')[0], inner);
}
