using DuckDB.NET.Data;
using Slipway.Steps.StepHost;
using Slipway.Workflow.DataSets;

namespace Slipway.Steps.Data;

/// <summary>
/// DuckDB for one step: on two threads and in bounded memory; what does not fit goes to a folder that is removed at the end.
/// </summary>
internal sealed class Duck : IDisposable
{
    private readonly DuckDBConnection _connection = new("DataSource=:memory:");
    private readonly string _spill = Directory.CreateTempSubdirectory("slipway-").FullName;

    /// <summary>Opens an empty database in memory.</summary>
    public Duck()
    {
        _connection.Open();
        Execute($"""
            SET threads = 2;
            SET memory_limit = '450MB';
            SET temp_directory = {Encoder.SqlText(_spill)};
            """);
    }

    /// <summary>The connection, for appenders.</summary>
    public DuckDBConnection Connection => _connection;

    /// <summary>A folder that lives as long as this object.</summary>
    public string Scratch => _spill;

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

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        Directory.Delete(_spill, recursive: true);
    }

    private DuckDBCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
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
            // The first line is what happened; the rest quotes our SQL.
            throw new StepFailedException(e.Message.Split('\n')[0], e);
        }
    }
}
