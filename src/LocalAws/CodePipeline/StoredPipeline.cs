using System.Collections.Concurrent;
using System.Text.Json;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>A pipeline's record; its structure is its version's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Region">The region of the request that made it.</param>
/// <param name="AccountId">Its account.</param>
/// <param name="Version">Its newest version.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Updated">When it got its newest version.</param>
/// <param name="Tags">Its tags in the order of their keys.</param>
internal sealed record StoredPipeline(
    string Name, string Region, string AccountId, int Version, DateTimeOffset Created, DateTimeOffset Updated, IReadOnlyList<Tag> Tags)
{
    /// <summary>The transitions into stages that were ever enabled or disabled.</summary>
    public IReadOnlyDictionary<string, TransitionState> Transitions { get; init; } = new Dictionary<string, TransitionState>();

    public string Arn => $"arn:aws:codepipeline:{Region}:{AccountId}:{Name}";

    /// <summary>Whether executions may enter a stage.</summary>
    public TransitionState Transition(string stage) => Transitions.GetValueOrDefault(stage) ?? new(Enabled: true);
}

/// <summary>The records of the pipelines, and the structures of all their versions.</summary>
internal sealed class PipelineTable
{
    private const int MostParsed = 256;
    private readonly LocalAwsOptions _options;
    private readonly Database _database;
    private readonly Table<StoredPipeline> _pipelines;

    // by their JSON: every step of an execution asks for its structure
    private readonly ConcurrentDictionary<string, PipelineDeclaration> _parsed = new();

    public PipelineTable(Database database, LocalAwsOptions options)
    {
        (_database, _options) = (database, options);
        _pipelines = new(database, "codepipeline", p => p.Name);
        database.Define("CREATE TABLE IF NOT EXISTS codepipeline_version (pipeline TEXT, version INTEGER, body TEXT NOT NULL, PRIMARY KEY (pipeline, version)) WITHOUT ROWID");
    }

    public StoredPipeline? Find(string name) => _pipelines.Find(name);

    /// <exception cref="AwsException">PipelineNotFoundException.</exception>
    public StoredPipeline Require(string name) => Find(name) ?? throw CodePipelineErrors.NoPipeline(_options.AccountId, name);

    public List<StoredPipeline> All() => _pipelines.All();

    /// <summary>Adds a pipeline with its first version; false where the name is taken.</summary>
    public bool Insert(StoredPipeline pipeline, PipelineDeclaration declaration) => _database.Write(_ =>
    {
        var added = _pipelines.Insert(pipeline);
        if (added)
        {
            Keep(declaration);
        }

        return added;
    });

    /// <summary>Gives a pipeline its next version.</summary>
    public void Update(StoredPipeline pipeline, PipelineDeclaration declaration) => _database.Write(_ =>
    {
        _pipelines.Update(pipeline);
        Keep(declaration);
    });

    /// <exception cref="AwsException">PipelineNotFoundException.</exception>
    public StoredPipeline Change(string name, Func<StoredPipeline, StoredPipeline> change) =>
        _pipelines.Change(name, change) ?? throw CodePipelineErrors.NoPipeline(_options.AccountId, name);

    public void Delete(string name) => _database.Write(c =>
    {
        _pipelines.Delete(name);
        c.Execute("DELETE FROM codepipeline_version WHERE pipeline = $1", name);
    });

    /// <summary>The structure of a version, or null.</summary>
    public PipelineDeclaration? Declaration(string name, int version) => _database.Read(c => c.Query(
        "SELECT body FROM codepipeline_version WHERE pipeline = $1 AND version = $2", r => Parse(r.GetString(0)), name, version)).FirstOrDefault();

    /// <summary>The structure that a pipeline has now.</summary>
    public PipelineDeclaration Current(StoredPipeline pipeline) => Declaration(pipeline.Name, pipeline.Version)!;

    private PipelineDeclaration Parse(string body)
    {
        if (_parsed.TryGetValue(body, out var known))
        {
            return known;
        }

        if (_parsed.Count >= MostParsed)
        {
            _parsed.Clear();
        }

        return _parsed[body] = JsonSerializer.Deserialize<PipelineDeclaration>(body, AwsJson.Lenient)!;
    }

    private void Keep(PipelineDeclaration declaration) => _database.Write(c => c.Execute(
        "INSERT INTO codepipeline_version VALUES ($1, $2, $3)", declaration.Name, declaration.Version, JsonSerializer.Serialize(declaration, AwsJson.Lenient)));
}
