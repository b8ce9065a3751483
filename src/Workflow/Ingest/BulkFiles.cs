using System.Globalization;
using DuckDB.NET.Data;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Rows;

namespace Slipway.Workflow.Ingest;

/// <summary>A block's file of one hour of event time, on its way to the offline store.</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="Hour">The hour, counted from year 1, UTC.</param>
/// <param name="Latest">Its newest event time, in ticks of 100 ns since year 1, UTC.</param>
internal sealed record BulkFile(string Path, long Hour, long Latest)
{
    /// <summary>Its place below the group's data folder. The same block has the same keys again.</summary>
    public string Key(string block) => OfflineStoreKey.Of(Latest, $"{block}/{Hour}");
}

/// <summary>
/// Makes files of the offline store out of staged rows, as SageMaker's Spark connector does, with the columns of
/// <see cref="OfflineStoreWriter"/>: one an hour of event time.
/// </summary>
internal sealed class BulkFiles : IDisposable
{
    private readonly DuckDBConnection _duckdb = new("DataSource=:memory:");
    private readonly DataSetSpecification _specification;
    private readonly DateTimeOffset? _eventTime;
    private readonly TimeProvider _time;
    private readonly string _columns;

    /// <param name="specification">What the staged columns are.</param>
    /// <param name="features">The group's features, in its order: those of the specification, and perhaps others.</param>
    /// <param name="eventTime">The event time of rows that have none, or null.</param>
    /// <param name="time">Where time comes from.</param>
    public BulkFiles(DataSetSpecification specification, IEnumerable<FeatureDefinition> features, DateTimeOffset? eventTime, TimeProvider time)
    {
        (_specification, _eventTime, _time) = (specification, eventTime, time);
        var known = specification.Columns.ToDictionary(c => c.Name);
        _columns = string.Join(", ", features.Select(f => !known.TryGetValue(f.FeatureName, out var column) ? $"NULL::{StagedSql.Type(f.FeatureType.ToString())}"
                : column.Role == ColumnRole.EventTime && eventTime is { } loaded ? Encoder.SqlText(EventTimes.Format(loaded)) : Encoder.SqlName(column.Name))
            .Zip(features, (sql, f) => $"{sql} AS {Encoder.SqlName(f.FeatureName)}"));
        _duckdb.Open();
        // the rows are read by one thread beside this one, and the rest of the memory is theirs
        Execute("SET threads = 1; SET memory_limit = '300MB'");
    }

    /// <summary>Makes the files of a block.</summary>
    /// <param name="block">Its rows.</param>
    /// <param name="name">What the files are called, with their hour.</param>
    /// <param name="folder">Where to.</param>
    public IReadOnlyList<BulkFile> Write(StagedFile block, string name, string folder)
    {
        var source = StagedSql.From(_specification, [block]);
        if (_eventTime is { } loaded)
        {
            return [Write(source, loaded.UtcTicks / TimeSpan.TicksPerHour, loaded.UtcTicks, name, folder)];
        }

        Execute($"CREATE OR REPLACE TEMP TABLE block AS SELECT *, {StagedSql.EventTicks} // {TimeSpan.TicksPerHour} AS __hour FROM {source}");
        return [.. Hours().Select(h => Write($"block WHERE __hour = {h.Hour}", h.Hour, h.Latest, name, folder))];
    }

    public void Dispose() => _duckdb.Dispose();

    private BulkFile Write(string source, long hour, long latest, string name, string folder)
    {
        var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{name}-{hour}.parquet"));
        var now = $"TIMESTAMP '{_time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture)}'";
        Execute($"""
            COPY (SELECT {_columns}, {now} AS write_time, {now} AS api_invocation_time, false AS is_deleted FROM {source})
            TO {Encoder.SqlText(path)} (FORMAT parquet)
            """);
        return new(path, hour, latest);
    }

    private List<(long Hour, long Latest)> Hours()
    {
        using var command = _duckdb.CreateCommand();
        command.CommandText = $"SELECT __hour, max({StagedSql.EventTicks}) FROM block GROUP BY __hour ORDER BY __hour";
        using var reader = command.ExecuteReader();
        var hours = new List<(long, long)>();
        while (reader.Read())
        {
            hours.Add((reader.GetInt64(0), reader.GetInt64(1)));
        }

        return hours;
    }

    private void Execute(string sql)
    {
        using var command = _duckdb.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
