using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.FeatureStore;

/// <summary>
/// The database of the feature groups' records: a file of its own, so that a load of many records does not hold up
/// changes of resources.
/// </summary>
internal sealed class FeatureDatabase(LocalAwsOptions options) : SqliteFile(Path.Combine(options.DataDirectory, "features.db"));
