using System.Globalization;
using DuckDB.NET.Data;
using Slipway.Aws.SageMaker;

namespace Slipway.Aws.FeatureStoreRuntime;

/// <summary>A file of the offline store.</summary>
/// <param name="Path">Where it lies on this machine.</param>
/// <param name="Key">Its place below the group's data folder, such as <c>year=2026/month=01/day=31/hour=23/….parquet</c>.</param>
public sealed record OfflineStoreFile(string Path, string Key);

/// <summary>
/// Writes rows as Parquet, one file an hour of event time, with SageMaker's layout and columns:
/// https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-offline.html. A batch of rows is held in memory until
/// it is written; the same writer then takes the next one.
/// </summary>
public sealed class OfflineStoreWriter : IDisposable
{
    private const string Hour = "__hour";
    private readonly DuckDBConnection _duckdb = new("DataSource=:memory:");
    private readonly FeatureType[] _types;

    // the newest event time of an hour is part of its file's name
    private readonly SortedDictionary<long, long> _newest = [];
    private DuckDBAppender _appender;

    /// <summary>Makes a writer.</summary>
    /// <param name="features">The group's features; rows give their values in this order.</param>
    public OfflineStoreWriter(IReadOnlyList<FeatureDefinition> features)
    {
        ArgumentNullException.ThrowIfNull(features);
        _types = [.. features.Select(f => f.FeatureType)];
        _duckdb.Open();
        var columns = features.Select(f => $"\"{f.FeatureName}\" {SqlType(f.FeatureType)}");
        Execute($"CREATE TABLE offline ({string.Join(", ", columns)}, write_time TIMESTAMP, api_invocation_time TIMESTAMP, is_deleted BOOLEAN, {Hour} BIGINT)");
        _appender = _duckdb.CreateAppender("offline");
    }

    /// <summary>Adds a row to the batch.</summary>
    /// <param name="values">A value a feature, as PutRecord's <c>ValueAsString</c>; null where it has none.</param>
    /// <param name="eventTime">Its event time, in ticks of 100 ns since year 1, UTC.</param>
    /// <param name="written">The time of the write, UTC.</param>
    /// <param name="invoked">When it was put, UTC.</param>
    /// <param name="deleted">Whether it marks a deletion.</param>
    public void Append(ReadOnlySpan<string?> values, long eventTime, DateTime written, DateTime invoked, bool deleted)
    {
        var row = _appender.CreateRow();
        for (var i = 0; i < _types.Length; i++)
        {
            Append(row, values[i], _types[i]);
        }

        var hour = eventTime / TimeSpan.TicksPerHour;
        row.AppendValue(written).AppendValue(invoked).AppendValue(deleted).AppendValue(hour).EndRow();
        _newest[hour] = Math.Max(eventTime, _newest.GetValueOrDefault(hour));
    }

    /// <summary>Writes the batch into a folder, and forgets it. The same batch gives the same keys and rows again.</summary>
    /// <param name="folder">Where to; a file of the same hour is replaced.</param>
    /// <param name="batch">What tells this batch from all others of its group.</param>
    public IReadOnlyList<OfflineStoreFile> Write(string folder, string batch)
    {
        _appender.Dispose();
        var files = new List<OfflineStoreFile>();
        foreach (var (hour, latest) in _newest)
        {
            var path = Path.Combine(folder, $"{hour}.parquet");
            var rows = _newest.Count == 1 ? "offline" : $"offline WHERE {Hour} = {hour}";
            Execute($"COPY (SELECT * EXCLUDE ({Hour}) FROM {rows}) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
            files.Add(new(path, OfflineStoreKey.Of(latest, $"{batch}/{hour}")));
        }

        _newest.Clear();
        Execute("TRUNCATE offline");
        _appender = _duckdb.CreateAppender("offline");
        return files;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _appender.Dispose();
        _duckdb.Dispose();
    }

    private static void Append(IDuckDBAppenderRow row, string? value, FeatureType type) => _ = value is null
        ? row.AppendNullValue()
        : type switch
        {
            FeatureType.Integral => row.AppendValue(long.Parse(value, CultureInfo.InvariantCulture)),
            FeatureType.Fractional => row.AppendValue(double.Parse(value, CultureInfo.InvariantCulture)),
            _ => row.AppendValue(value),
        };

    private static string SqlType(FeatureType type) => type switch
    {
        FeatureType.Integral => "BIGINT",
        FeatureType.Fractional => "DOUBLE",
        _ => "VARCHAR",
    };

    private void Execute(string sql)
    {
        using var command = _duckdb.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
