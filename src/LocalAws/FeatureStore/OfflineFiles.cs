using System.Globalization;
using System.Text.Json;
using DuckDB.NET.Data;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>A file of the offline store.</summary>
/// <param name="Path">Where it lies on this machine.</param>
/// <param name="Key">Its place below the group's data folder, such as <c>year=2026/month=01/day=31/hour=23/….parquet</c>.</param>
internal sealed record OfflineFile(string Path, string Key);

/// <summary>
/// Writes rows as Parquet, one file an hour of event time, with SageMaker's layout and columns:
/// https://docs.aws.amazon.com/sagemaker/latest/dg/feature-store-offline.html
/// </summary>
internal static class OfflineFiles
{
    private const string Hour = "__hour";

    /// <summary>Writes a batch into a folder. The same batch gives the same keys and rows again.</summary>
    public static List<OfflineFile> Write(FeatureGroup group, OfflineBatch batch, IEnumerable<OfflineRow> rows, string folder)
    {
        using var duckdb = new DuckDBConnection("DataSource=:memory:");
        duckdb.Open();
        var columns = group.Features.Select(f => $"\"{f.Name}\" {SqlType(f.Type)}");
        Execute(duckdb, $"CREATE TABLE offline ({string.Join(", ", columns)}, write_time TIMESTAMP, api_invocation_time TIMESTAMP, is_deleted BOOLEAN, {Hour} BIGINT)");
        // the newest event time of an hour is part of its file's name
        var newest = new SortedDictionary<long, long>();
        Append(duckdb, group, batch, rows, newest);
        var files = new List<OfflineFile>();
        foreach (var (hour, latest) in newest)
        {
            var path = Path.Combine(folder, $"{hour}.parquet");
            Execute(duckdb, $"COPY (SELECT * EXCLUDE ({Hour}) FROM offline WHERE {Hour} = {hour}) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
            files.Add(new(path, OfflineStoreKey.Of(latest, $"{batch.Store}/{batch.Last}/{batch.Written}/{hour}")));
        }

        return files;
    }

    private static void Append(DuckDBConnection duckdb, FeatureGroup group, OfflineBatch batch, IEnumerable<OfflineRow> rows, SortedDictionary<long, long> newest)
    {
        var places = group.Features.Select((f, i) => (f.Name, i)).ToDictionary(p => p.Name, p => p.i);
        var values = new string?[places.Count];
        using var appender = duckdb.CreateAppender("offline");
        foreach (var row in rows)
        {
            Array.Clear(values);
            foreach (var value in JsonSerializer.Deserialize<List<FeatureValue>>(row.Record, AwsJson.Lenient)!)
            {
                values[places[value.FeatureName]] = value.ValueAsString;
            }

            var to = appender.CreateRow();
            for (var i = 0; i < values.Length; i++)
            {
                Append(to, values[i], group.Features[i].Type);
            }

            var hour = row.EventTime / TimeSpan.TicksPerHour;
            to.AppendValue(new DateTime(batch.Written, DateTimeKind.Utc)).AppendValue(new DateTime(row.Invoked, DateTimeKind.Utc))
                .AppendValue(row.Deleted).AppendValue(hour).EndRow();
            newest[hour] = Math.Max(row.EventTime, newest.GetValueOrDefault(hour));
        }
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

    private static void Execute(DuckDBConnection duckdb, string sql)
    {
        using var command = duckdb.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
