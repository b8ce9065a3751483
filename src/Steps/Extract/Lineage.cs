namespace Slipway.Steps.Extract;

/// <summary>lineage.json: what was read, so that the same data can be read again.</summary>
/// <param name="AsOf">The point in time that was asked for, ISO 8601.</param>
/// <param name="Source"><c>offline-store</c> or <c>csv</c>.</param>
/// <param name="FeatureGroup">The feature group; null for a CSV.</param>
/// <param name="Data">What came out.</param>
/// <param name="Objects">What was read, in order of its name.</param>
internal sealed record Lineage(
    string AsOf, string Source, string? FeatureGroup, LineageData Data, IReadOnlyList<LineageObject> Objects);

/// <summary>data.parquet.</summary>
/// <param name="Rows">Its rows.</param>
/// <param name="Sha256">The SHA-256 of the file, in hexadecimal.</param>
/// <param name="Uri">Where it lies in S3, under its own hash; null where <c>DATA_URI</c> names no place.</param>
internal sealed record LineageData(long Rows, string Sha256, string? Uri);

/// <summary>One thing that was read.</summary>
/// <param name="Bucket">The S3 bucket; null for a file of an input channel.</param>
/// <param name="Key">The S3 key, or the file's name.</param>
/// <param name="VersionId">The S3 object's version; null where the bucket keeps none.</param>
/// <param name="Etag">The S3 object's entity tag, without quotes; null for a file.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Sha256">Its SHA-256, in hexadecimal.</param>
internal sealed record LineageObject(string? Bucket, string Key, string? VersionId, string? Etag, long Size, string Sha256);
