using Slipway.Aws.CodeBuild;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodeBuild;

/// <summary>The projects, and what is counted for each: its builds and its caches.</summary>
internal sealed class ProjectTable
{
    private readonly Database _database;

    public ProjectTable(Database database)
    {
        _database = database;
        Projects = new(database, "codebuild-project", p => p.Name);
        database.Define("CREATE TABLE IF NOT EXISTS codebuild_project (name TEXT PRIMARY KEY, builds INTEGER NOT NULL, cache INTEGER NOT NULL) WITHOUT ROWID");
    }

    /// <summary>The projects, by name.</summary>
    public Table<Project> Projects { get; }

    /// <summary>A project by its name or ARN.</summary>
    /// <exception cref="Aws.Wire.AwsException">ResourceNotFoundException.</exception>
    public Project Require(string name, Caller caller) => Projects.Find(NameOf(name)) ?? throw CodeBuildErrors.NoProject(caller.Arn("codebuild", "project/" + NameOf(name)));

    /// <summary>The name of a project that a request names by its name or ARN.</summary>
    public static string NameOf(string nameOrArn) => nameOrArn.Split(":project/", 2) is [_, var name] ? name : nameOrArn;

    /// <summary>The number of a project's next build. Call it in the transaction that keeps the build.</summary>
    public long NextBuild(string name) => _database.Write(c => c.Query(
        "INSERT INTO codebuild_project VALUES ($1, 1, 0) ON CONFLICT (name) DO UPDATE SET builds = builds + 1 RETURNING builds", r => r.GetInt64(0), name)[0]);

    /// <summary>The number of the cache that a project's builds use now.</summary>
    public long Cache(string name) => _database.Read(c => c.Query("SELECT cache FROM codebuild_project WHERE name = $1", r => r.GetInt64(0), name)).FirstOrDefault();

    /// <summary>Lets the next builds begin with an empty cache.</summary>
    public void InvalidateCache(string name) => _database.Write(c => c.Execute(
        "INSERT INTO codebuild_project VALUES ($1, 0, 1) ON CONFLICT (name) DO UPDATE SET cache = cache + 1", name));

    /// <summary>Forgets a project and its counters; nothing where there is none.</summary>
    public void Delete(string name) => _database.Write(c =>
    {
        Projects.Delete(name);
        c.Execute("DELETE FROM codebuild_project WHERE name = $1", name);
    });
}
