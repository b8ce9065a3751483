using Slipway.Aws.CodePipeline;
using Slipway.LocalAws.CodeCommit;
using Slipway.LocalAws.S3.Store;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>The newest revisions that polled sources are known to have: one that differs starts their pipeline.</summary>
internal sealed class SeenRevisions
{
    private readonly Database _database;
    private readonly RepositoryStore _repositories;
    private readonly References _references;
    private readonly ObjectStore _objects;

    public SeenRevisions(Database database, RepositoryStore repositories, References references, ObjectStore objects)
    {
        (_database, _repositories, _references, _objects) = (database, repositories, references, objects);
        database.Define("""
            CREATE TABLE IF NOT EXISTS codepipeline_seen (
                pipeline TEXT, action TEXT, provider TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL, revision TEXT, PRIMARY KEY (pipeline, action)) WITHOUT ROWID
            """);
    }

    /// <summary>Begins to look at the polled sources of a structure, and no longer at others of its pipeline. Call it in the transaction that keeps it.</summary>
    public void Begin(PipelineDeclaration structure) => _database.Write(c =>
    {
        var before = All().Where(s => s.Pipeline == structure.Name).ToList();
        var polled = Polled(structure).ToList();
        c.Execute("DELETE FROM codepipeline_seen WHERE pipeline = $1", structure.Name);
        foreach (var source in polled)
        {
            var known = before.Find(b => b with { Revision = null } == source);
            c.Execute(
                "INSERT INTO codepipeline_seen VALUES ($1, $2, $3, $4, $5, $6)", source.Pipeline, source.Action, source.Provider, source.Place, source.Name,
                known is null ? Newest(source) : known.Revision);
        }
    });

    public void Forget(string pipeline) => _database.Write(c => c.Execute("DELETE FROM codepipeline_seen WHERE pipeline = $1", pipeline));

    /// <summary>Every polled source.</summary>
    public List<SeenRevision> All() => _database.Read(c => c.Query(
        "SELECT pipeline, action, provider, place, name, revision FROM codepipeline_seen",
        r => new SeenRevision(r.GetString(0), r.GetString(1), r.GetString(2), r.GetString(3), r.GetString(4), r.IsDBNull(5) ? null : r.GetString(5))));

    /// <summary>Keeps the revision that was seen; false where another one has been kept since.</summary>
    public bool Keep(SeenRevision before, string? revision) => _database.Write(c => c.Execute(
        "UPDATE codepipeline_seen SET revision = $3 WHERE pipeline = $1 AND action = $2 AND revision IS $4", before.Pipeline, before.Action, revision, before.Revision)) > 0;

    /// <summary>The newest revision of a source, or null where it has none.</summary>
    public string? Newest(SeenRevision source) => source.Provider == "S3"
        ? _objects.Find(source.Place, source.Name)?.VersionId
        : _repositories.Table.Find(source.Place) is { } repository ? _references.Announced(repository.RepositoryId, ReferenceName.OfBranch(source.Name)) : null;

    private static IEnumerable<SeenRevision> Polled(PipelineDeclaration structure) => structure.Stages[0].Actions
        .Where(a => a.Configuration!.GetValueOrDefault("PollForSourceChanges") != "false"
            // a trigger takes the place of polling
            && structure.Triggers?.Any(t => t.GitConfiguration.SourceActionName == a.Name) != true)
        .Select(a => a.ActionTypeId.Provider == "S3"
            ? new SeenRevision(structure.Name, a.Name, "S3", a.Configuration!["S3Bucket"], a.Configuration["S3ObjectKey"], null)
            : new(structure.Name, a.Name, "CodeCommit", a.Configuration!["RepositoryName"], a.Configuration["BranchName"], null));
}

/// <summary>A polled source.</summary>
/// <param name="Pipeline">Its pipeline.</param>
/// <param name="Action">Its action.</param>
/// <param name="Provider">CodeCommit or S3.</param>
/// <param name="Place">The repository or the bucket.</param>
/// <param name="Name">The branch or the key.</param>
/// <param name="Revision">The newest revision that was seen; null: none.</param>
internal sealed record SeenRevision(string Pipeline, string Action, string Provider, string Place, string Name, string? Revision);
