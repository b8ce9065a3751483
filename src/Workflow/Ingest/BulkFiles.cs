using System.Globalization;
using Amazon.S3;
using Amazon.S3.Model;
using DuckDB.NET.Data;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Ingest;

/// <summary>A record's event time, in ticks of 100 ns since year 1.</summary>
internal static class EventTicks
{
    public static long Of(LoadRecord record, string eventTime)
    {
        var text = record.Values.First(v => v.FeatureName == eventTime).ValueAsString!;
        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? DateTime.UnixEpoch.Ticks + (long)Math.Round(seconds * TimeSpan.TicksPerSecond)
            : DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcTicks;
    }
}

/// <summary>Writes blocks of records straight into a feature group's offline store, as SageMaker's Spark connector does.</summary>
internal sealed class BulkFiles(IAmazonS3 s3, IngestOptions options, DescribeFeatureGroup.Response group, TimeProvider time)
{
    private const string Hour = "__hour";

    /// <summary>Writes a block, one file an hour of event time. The same block has the same keys again.</summary>
    public async Task Write(string block, IReadOnlyList<LoadRecord> records, string folder, CancellationToken cancellation)
    {
        if (records.Count == 0)
        {
            return;
        }

        using var duckdb = new DuckDBConnection("DataSource=:memory:");
        duckdb.Open();
        var columns = group.FeatureDefinitions.Select(f => $"\"{f.FeatureName}\" {SqlType(f.FeatureType)}");
        Execute(duckdb, $"CREATE TABLE offline ({string.Join(", ", columns)}, write_time TIMESTAMP, api_invocation_time TIMESTAMP, is_deleted BOOLEAN, {Hour} BIGINT)");
        var place = new Uri(group.OfflineStoreConfig!.S3StorageConfig.ResolvedOutputS3Uri!);
        foreach (var (hour, latest) in Append(duckdb, records))
        {
            var path = Path.Combine(folder, "block.parquet");
            Execute(duckdb, $"COPY (SELECT * EXCLUDE ({Hour}) FROM offline WHERE {Hour} = {hour}) TO '{path.Replace("'", "''", StringComparison.Ordinal)}' (FORMAT parquet)");
            var put = new PutObjectRequest
            {
                BucketName = place.Host,
                Key = $"{place.AbsolutePath.Trim('/')}/{OfflineStoreKey.Of(latest, $"{block}/{hour}")}",
                FilePath = path,
            };
            if (options.KmsKeyArn is { } key)
            {
                put.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
                put.ServerSideEncryptionKeyManagementServiceKeyId = key;
            }

            await s3.PutObjectAsync(put, cancellation);
        }
    }

    private SortedDictionary<long, long> Append(DuckDBConnection duckdb, IReadOnlyList<LoadRecord> records)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var places = group.FeatureDefinitions.Select((f, i) => (f.FeatureName, i)).ToDictionary(p => p.FeatureName, p => p.i);
        var values = new string?[places.Count];
        var newest = new SortedDictionary<long, long>();
        using var appender = duckdb.CreateAppender("offline");
        foreach (var record in records)
        {
            Array.Clear(values);
            foreach (var value in record.Values)
            {
                values[places[value.FeatureName]] = value.ValueAsString;
            }

            var row = appender.CreateRow();
            for (var i = 0; i < values.Length; i++)
            {
                Append(row, values[i], group.FeatureDefinitions[i].FeatureType);
            }

            var ticks = EventTicks.Of(record, group.EventTimeFeatureName);
            row.AppendValue(now).AppendValue(now).AppendValue(false).AppendValue(ticks / TimeSpan.TicksPerHour).EndRow();
            newest[ticks / TimeSpan.TicksPerHour] = Math.Max(ticks, newest.GetValueOrDefault(ticks / TimeSpan.TicksPerHour));
        }

        return newest;
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
