using Amazon.S3;
using Amazon.S3.Model;
using Slipway.Aws.FeatureStoreRuntime;
using Slipway.Aws.SageMaker;

namespace Slipway.Workflow.Ingest;

/// <summary>Writes blocks of records straight into a feature group's offline store, as SageMaker's Spark connector does.</summary>
internal sealed class BulkFiles : IDisposable
{
    private readonly IAmazonS3 _s3;
    private readonly IngestOptions _options;
    private readonly Uri _place;
    private readonly TimeProvider _time;
    private readonly OfflineStoreWriter _writer;
    private readonly int[] _columns;
    private readonly string?[] _values;

    /// <param name="s3">S3.</param>
    /// <param name="options">What is loaded.</param>
    /// <param name="group">Where to; it has all features of the specification, and may have others.</param>
    /// <param name="time">Where time comes from.</param>
    public BulkFiles(IAmazonS3 s3, IngestOptions options, DescribeFeatureGroup.Response group, TimeProvider time)
    {
        (_s3, _options, _time) = (s3, options, time);
        _place = new Uri(group.OfflineStoreConfig!.S3StorageConfig.ResolvedOutputS3Uri!);
        _writer = new OfflineStoreWriter(group.FeatureDefinitions);
        var names = options.Specification.Columns.Select(c => c.Name).ToList();
        _columns = [.. group.FeatureDefinitions.Select(f => names.IndexOf(f.FeatureName))];
        _values = new string?[_columns.Length];
    }

    /// <summary>Writes a block, one file an hour of event time. The same block has the same keys again.</summary>
    public async Task Write(string block, IReadOnlyList<LoadRecord> records, string folder, CancellationToken cancellation)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        foreach (var record in records)
        {
            for (var i = 0; i < _values.Length; i++)
            {
                _values[i] = _columns[i] < 0 ? null : record.Texts[_columns[i]];
            }

            _writer.Append(_values, record.EventTime, now, now, deleted: false);
        }

        foreach (var file in _writer.Write(folder, block))
        {
            var put = new PutObjectRequest { BucketName = _place.Host, Key = $"{_place.AbsolutePath.Trim('/')}/{file.Key}", FilePath = file.Path };
            if (_options.KmsKeyArn is { } key)
            {
                put.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AWSKMS;
                put.ServerSideEncryptionKeyManagementServiceKeyId = key;
            }

            await _s3.PutObjectAsync(put, cancellation);
            File.Delete(file.Path);
        }
    }

    public void Dispose() => _writer.Dispose();
}
