using Slipway.Workflow.DataSets;
using Slipway.Workflow.DataSets.Csv;

namespace Slipway.Workflow.Ingest;

/// <summary>What <c>slipway ingest</c> is told.</summary>
public sealed record IngestOptions
{
    private const int RowsOfBlock = 10_000;
    private const int RowsOfBulkBlock = 50_000;

    /// <summary>The CSV to load.</summary>
    public required string CsvPath { get; init; }

    /// <summary>What its columns are.</summary>
    public required DataSetSpecification Specification { get; init; }

    /// <summary>The bucket of the data sets and of the offline store (<c>DATA_BUCKET</c>).</summary>
    public required string Bucket { get; init; }

    /// <summary>The role that a new feature group gets (<c>SM_EXEC_ROLE_ARN</c>).</summary>
    public required string RoleArn { get; init; }

    /// <summary>The key that S3 encrypts with (<c>KMS_KEY_ARN</c>); null: as the bucket says.</summary>
    public string? KmsKeyArn { get; init; }

    /// <summary>The feature group; null: the specification's.</summary>
    public string? FeatureGroupName { get; init; }

    /// <summary>The event time of rows that have none; null: the time of the first load of this content.</summary>
    public DateTimeOffset? EventTime { get; init; }

    /// <summary>Loads the good rows and keeps the bad ones aside, instead of refusing the file.</summary>
    public bool SkipBadRows { get; init; }

    /// <summary>Writes the offline store's files itself, and puts only the newest record of each identifier online.</summary>
    public bool Bulk { get; init; }

    /// <summary>With <see cref="Bulk"/>: leaves the online store as it is.</summary>
    public bool OfflineOnly { get; init; }

    /// <summary>How many requests are under way at once.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>After how many rows the load records how far it has come; null: 10,000, in a bulk load 50,000, which is what one of its files holds.</summary>
    public int? RowsPerBlock { get; init; }

    /// <summary>The rows of a block.</summary>
    internal int BlockRows => RowsPerBlock ?? (Bulk ? RowsOfBulkBlock : RowsOfBlock);

    /// <summary>The feature group's name.</summary>
    internal string GroupName => FeatureGroupName ?? Specification.FeatureGroupName;

    /// <summary>The key that the CSV is uploaded to.</summary>
    internal string CsvKey => "datasets/" + Path.GetFileName(CsvPath);
}

/// <summary>How far a load has come.</summary>
/// <param name="Phase"><c>check</c>, <c>upload</c> or <c>load</c>.</param>
/// <param name="Done">Rows done in this phase.</param>
/// <param name="Total">Rows in all; 0 while that is not known.</param>
public sealed record IngestProgress(string Phase, long Done, long Total);

/// <summary>What a load did.</summary>
/// <param name="RowsRead">The CSV's rows.</param>
/// <param name="RowsBad">Rows that don't parse, which were kept aside.</param>
/// <param name="RowsNew">Rows that were put into the feature group.</param>
/// <param name="RowsThere">Rows that it already had.</param>
/// <param name="CsvUri">Where the CSV was uploaded to, without its personal data columns.</param>
/// <param name="FeatureGroupName">The feature group.</param>
/// <param name="EventTime">The event time of rows that have none of their own; null where the CSV has one.</param>
/// <param name="BadRowsPath">The file of the bad rows, or null where there are none.</param>
/// <param name="LeftOut">The personal data columns that were left out of the upload.</param>
/// <param name="Checking">How long all rows took to be read and checked.</param>
/// <param name="Loading">How long the new ones took into the feature group.</param>
/// <param name="Duration">How long it all took.</param>
public sealed record IngestResult(
    long RowsRead, long RowsBad, long RowsNew, long RowsThere, string CsvUri, string FeatureGroupName,
    DateTimeOffset? EventTime, string? BadRowsPath, IReadOnlyList<string> LeftOut, TimeSpan Checking, TimeSpan Loading, TimeSpan Duration)
{
    /// <summary>Rows read a second.</summary>
    public double RowsPerSecond => RowsRead / Math.Max(Duration.TotalSeconds, 1e-9);
}

/// <summary>A load that can't be done as asked: the CSV, the specification and the feature group don't fit each other. Nothing was written.</summary>
public sealed class IngestException(string message, IReadOnlyList<RowError>? errors = null, long badRows = 0) : WorkflowException(message)
{
    /// <summary>What is wrong with the rows: the first hundred faults.</summary>
    public IReadOnlyList<RowError> Errors { get; } = errors ?? [];

    /// <summary>How many rows are bad.</summary>
    public long BadRows { get; } = badRows;
}
