using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>One definition that a pipeline has or had.</summary>
internal sealed record PipelineVersion(long Id, string Definition, DateTimeOffset Created);

/// <summary>The definitions of pipelines, one row a version: an execution keeps the version that it was started with.</summary>
internal sealed class PipelineVersions
{
    private readonly Database _database;

    public PipelineVersions(Database database)
    {
        _database = database;
        database.Define("""
            CREATE TABLE IF NOT EXISTS pipeline_version (
                pipeline TEXT, version INTEGER, definition TEXT NOT NULL, created INTEGER NOT NULL, PRIMARY KEY (pipeline, version)) WITHOUT ROWID
            """);
    }

    /// <summary>Makes a definition the pipeline's newest and gives its version; the newest one again is no new version.</summary>
    public long Put(string pipeline, string definition, DateTimeOffset now) => _database.Write(c =>
    {
        var newest = Newest(pipeline);
        if (newest?.Definition == definition)
        {
            return newest.Id;
        }

        var version = (newest?.Id ?? 0) + 1;
        c.Execute("INSERT INTO pipeline_version VALUES ($1, $2, $3, $4)", pipeline, version, definition, now.ToUnixTimeMilliseconds());
        return version;
    });

    public PipelineVersion? Newest(string pipeline) => Query("pipeline = $1 ORDER BY version DESC LIMIT 1", pipeline);

    public PipelineVersion? Find(string pipeline, long version) => Query("pipeline = $1 AND version = $2", pipeline, version);

    /// <summary>Forgets all versions of a pipeline.</summary>
    public void Forget(string pipeline) => _database.Write(c => c.Execute("DELETE FROM pipeline_version WHERE pipeline = $1", pipeline));

    private PipelineVersion? Query(string where, params object?[] parameters) => _database.Read(c => c.Query(
        $"SELECT version, definition, created FROM pipeline_version WHERE {where}",
        row => new PipelineVersion(row.GetInt64(0), row.GetString(1), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(2))), parameters)).FirstOrDefault();
}
