using System.Text.Json;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>One definition that a pipeline has or had.</summary>
internal sealed record DefinitionVersion(long Id, string Definition, DateTimeOffset Created, VersionFacts Facts);

/// <summary>What is said of a version, and who said it when.</summary>
internal sealed record VersionFacts(
    string? DisplayName = null, string? Description = null, DateTimeOffset? Modified = null, UserContext? CreatedBy = null, UserContext? ModifiedBy = null);

/// <summary>The definitions of pipelines, one row a version: an execution keeps the version that it was started with.</summary>
internal sealed class PipelineVersions
{
    private readonly Database _database;

    public PipelineVersions(Database database)
    {
        _database = database;
        database.Define("""
            CREATE TABLE IF NOT EXISTS pipeline_version (
                pipeline TEXT, version INTEGER, definition TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (pipeline, version)) WITHOUT ROWID;
            CREATE TABLE IF NOT EXISTS pipeline_version_facts (pipeline TEXT, version INTEGER, facts TEXT NOT NULL, PRIMARY KEY (pipeline, version)) WITHOUT ROWID;
            """);
    }

    /// <summary>Makes a definition the pipeline's newest and gives its version; the newest one again is no new version.</summary>
    public long Put(string pipeline, string definition, DateTimeOffset now, UserContext user) => _database.Write(c =>
    {
        var newest = Newest(pipeline);
        if (newest?.Definition == definition)
        {
            return newest.Id;
        }

        var version = (newest?.Id ?? 0) + 1;
        c.Execute("INSERT INTO pipeline_version VALUES ($1, $2, $3, $4)", pipeline, version, definition, now.ToUnixTimeMilliseconds());
        Describe(pipeline, version, new(CreatedBy: user, ModifiedBy: user));
        return version;
    });

    /// <summary>Says of a version what is said from now on.</summary>
    public void Describe(string pipeline, long version, VersionFacts facts) => _database.Write(c => c.Execute(
        "INSERT OR REPLACE INTO pipeline_version_facts VALUES ($1, $2, $3)", pipeline, version, JsonSerializer.Serialize(facts, AwsJson.Lenient)));

    public DefinitionVersion? Newest(string pipeline) => Query("pipeline = $1 ORDER BY version DESC LIMIT 1", pipeline).FirstOrDefault();

    public DefinitionVersion? Find(string pipeline, long version) => Query("pipeline = $1 AND version = $2", pipeline, version).FirstOrDefault();

    /// <summary>All versions of a pipeline, oldest first.</summary>
    public List<DefinitionVersion> Of(string pipeline) => Query("pipeline = $1 ORDER BY version", pipeline);

    /// <summary>Forgets all versions of a pipeline.</summary>
    public void Forget(string pipeline) => _database.Write(c =>
    {
        c.Execute("DELETE FROM pipeline_version WHERE pipeline = $1", pipeline);
        c.Execute("DELETE FROM pipeline_version_facts WHERE pipeline = $1", pipeline);
    });

    private List<DefinitionVersion> Query(string where, params object?[] parameters) => _database.Read(c => c.Query(
        $"SELECT version, definition, created, facts FROM pipeline_version LEFT JOIN pipeline_version_facts USING (pipeline, version) WHERE {where}",
        row => new DefinitionVersion(
            row.GetInt64(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2)),
            row.IsDBNull(3) ? new() : JsonSerializer.Deserialize<VersionFacts>(row.GetString(3), AwsJson.Lenient)!), parameters));
}
