using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>Writes batches of the buffer as files of the offline store.</summary>
internal static class OfflineFiles
{
    /// <summary>Writes a batch into a folder. The same batch gives the same keys and rows again.</summary>
    public static IReadOnlyList<OfflineStoreFile> Write(FeatureGroup group, OfflineBatch batch, IEnumerable<OfflineRow> rows, string folder)
    {
        using var writer = new OfflineStoreWriter([.. group.Features.Select(f => new FeatureDefinition(f.Name, f.Type))]);
        var places = group.Features.Select((f, i) => (f.Name, i)).ToDictionary(p => p.Name, p => p.i);
        var values = new string?[places.Count];
        var written = new DateTime(batch.Written, DateTimeKind.Utc);
        foreach (var row in rows)
        {
            Array.Clear(values);
            foreach (var value in RecordBytes.Read(row.Record))
            {
                values[places[value.FeatureName]] = value.ValueAsString;
            }

            writer.Append(values, row.EventTime, written, new DateTime(row.Invoked, DateTimeKind.Utc), row.Deleted);
        }

        return writer.Write(folder, $"{batch.Store}/{batch.Last}/{batch.Written}");
    }
}
