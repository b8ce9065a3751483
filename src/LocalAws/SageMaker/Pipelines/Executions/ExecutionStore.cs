using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.EventBridge;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker.Pipelines.Executions;

/// <summary>What an execution was started with.</summary>
internal sealed record ExecutionFacts(
    string PipelineArn, string Arn, string Region, IReadOnlyList<Parameter> Parameters, string? DisplayName = null, string? Description = null,
    ParallelismConfiguration? Parallelism = null, PipelineExperimentConfig? Experiment = null,
    UserContext? CreatedBy = null, UserContext? ModifiedBy = null, SelectiveExecutionConfig? Selection = null);

/// <summary>An execution's durable state.</summary>
/// <param name="Id">The last part of its ARN.</param>
/// <param name="Pipeline">Its pipeline's name.</param>
/// <param name="Version">The version of the definition that it runs.</param>
/// <param name="Status">Its state.</param>
/// <param name="Created">When it was started.</param>
/// <param name="Modified">When its state last changed.</param>
/// <param name="Round">How often RetryPipelineExecution took it up again: jobs of a new round have new names.</param>
/// <param name="FailureReason">Why it failed.</param>
/// <param name="Facts">What it was started with.</param>
internal sealed record ExecutionRow(
    string Id, string Pipeline, long Version, PipelineExecutionStatus Status, DateTimeOffset Created, DateTimeOffset Modified, int Round, string? FailureReason, ExecutionFacts Facts)
{
    public bool IsOver => Status is not (PipelineExecutionStatus.Executing or PipelineExecutionStatus.Stopping);
}

/// <summary>The durable state of a step that an execution has come to.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Ordinal">Its place in the order in which the steps started.</param>
/// <param name="Status">Its state.</param>
/// <param name="Attempt">The number of its attempt in this round, from 1.</param>
/// <param name="Started">When its first attempt started.</param>
/// <param name="Ended">When it ended.</param>
/// <param name="RetryAt">When its next attempt starts, for one that waits for it.</param>
/// <param name="FailureReason">Why it failed.</param>
/// <param name="Metadata">What ListPipelineExecutionSteps shows of it.</param>
/// <param name="Arguments">Its arguments with every value in place, so that an attempt taken up again asks for the same.</param>
/// <param name="Properties">What describing its resource answered.</param>
/// <param name="CacheSource">The execution whose result it took over.</param>
/// <param name="CacheKey">What must be equal for another execution to take over its result.</param>
internal sealed record StepRow(
    string Name, int Ordinal, StepStatus Status, int Attempt, DateTimeOffset Started, DateTimeOffset? Ended = null, DateTimeOffset? RetryAt = null, string? FailureReason = null,
    PipelineExecutionStepMetadata? Metadata = null, string? Arguments = null, string? Properties = null, string? CacheSource = null, string? CacheKey = null)
{
    public bool IsOver => Status is StepStatus.Stopped or StepStatus.Failed or StepStatus.Succeeded;
}

/// <summary>Executions and their steps in the database: a row an execution, a row a step, so that a step's transition writes that step alone.</summary>
internal sealed class ExecutionStore
{
    private const string ExecutionColumns = "id, pipeline, version, status, created, modified, round, failure, facts";
    private const string StepColumns = "name, ordinal, status, attempt, started, ended, retry_at, failure, metadata, arguments, properties, cache_source, cache_key";
    private readonly Database _database;
    private readonly EventBus _events;

    public ExecutionStore(Database database, EventBus events)
    {
        (_database, _events) = (database, events);
        database.Define("""
            CREATE TABLE IF NOT EXISTS pipeline_execution (
                id TEXT PRIMARY KEY, pipeline TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL, modified INTEGER NOT NULL,
                round INTEGER NOT NULL, failure TEXT, facts TEXT NOT NULL) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS pipeline_execution_of ON pipeline_execution (pipeline, created);
            CREATE TABLE IF NOT EXISTS pipeline_step (
                execution TEXT, name TEXT, ordinal INTEGER NOT NULL, status TEXT NOT NULL, attempt INTEGER NOT NULL, started INTEGER NOT NULL, ended INTEGER,
                retry_at INTEGER, failure TEXT, metadata TEXT, arguments TEXT, properties TEXT, cache_source TEXT, cache_key TEXT, PRIMARY KEY (execution, name)) WITHOUT ROWID;
            CREATE INDEX IF NOT EXISTS pipeline_step_cached ON pipeline_step (cache_key, ended) WHERE cache_key IS NOT NULL;
            """);
    }

    public void Insert(ExecutionRow row) => _database.Write(c =>
    {
        c.Execute(
            $"INSERT INTO pipeline_execution ({ExecutionColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            row.Id, row.Pipeline, row.Version, row.Status.ToString(), Time(row.Created), Time(row.Modified), row.Round, row.FailureReason, Json(row.Facts));
        ExecutionEvents.Publish(_events, null, row);
    });

    /// <summary>Reads, changes and writes back an execution in one transaction.</summary>
    public ExecutionRow Change(string id, Func<ExecutionRow, ExecutionRow> change) => _database.Write(c =>
    {
        var before = Find(id) ?? throw new InvalidOperationException($"there is no execution {id}");
        var row = change(before);
        c.Execute(
            "UPDATE pipeline_execution SET status = $2, modified = $3, round = $4, failure = $5, facts = $6 WHERE id = $1",
            id, row.Status.ToString(), Time(row.Modified), row.Round, row.FailureReason, Json(row.Facts));
        if (row.Status != before.Status)
        {
            ExecutionEvents.Publish(_events, before, row);
        }

        return row;
    });

    public ExecutionRow? Find(string id) => _database.Read(c => c.Query(
        $"SELECT {ExecutionColumns} FROM pipeline_execution WHERE id = $1", Execution, id)).FirstOrDefault();

    /// <summary>A pipeline's executions in the order of their start.</summary>
    public List<ExecutionRow> Of(string pipeline) => _database.Read(c => c.Query(
        $"SELECT {ExecutionColumns} FROM pipeline_execution WHERE pipeline = $1 ORDER BY created, id", Execution, pipeline));

    /// <summary>When a pipeline's newest execution started.</summary>
    public DateTimeOffset? LastStart(string pipeline) => _database.Read(c => c.Query(
        "SELECT max(created) FROM pipeline_execution WHERE pipeline = $1", r => Time(r, 0), pipeline))[0];

    /// <summary>The newest execution of a pipeline's version.</summary>
    public ExecutionRow? Last(string pipeline, long version) => _database.Read(c => c.Query(
        $"SELECT {ExecutionColumns} FROM pipeline_execution WHERE pipeline = $1 AND version = $2 ORDER BY created DESC, id DESC LIMIT 1",
        Execution, pipeline, version)).FirstOrDefault();

    /// <summary>The executions that are not over.</summary>
    public List<string> Unfinished() => _database.Read(c => c.Query(
        "SELECT id FROM pipeline_execution WHERE status IN ('Executing', 'Stopping') ORDER BY created", r => r.GetString(0)));

    /// <summary>The steps that an execution has come to, in the order in which they started.</summary>
    public List<StepRow> Steps(string id) => _database.Read(c => c.Query($"SELECT {StepColumns} FROM pipeline_step WHERE execution = $1 ORDER BY ordinal", Step, id));

    /// <summary>Puts steps' states in the place of their former ones, all in one transaction.</summary>
    public void Put(string id, IEnumerable<StepRow> rows) => _database.Write(c =>
    {
        foreach (var row in rows)
        {
            c.Execute(
                $"INSERT OR REPLACE INTO pipeline_step (execution, {StepColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                id, row.Name, row.Ordinal, row.Status.ToString(), row.Attempt, Time(row.Started), Time(row.Ended), Time(row.RetryAt), row.FailureReason,
                row.Metadata is null ? null : Json(row.Metadata), row.Arguments, row.Properties, row.CacheSource, row.CacheKey);
        }
    });

    /// <summary>Forgets the steps that did not succeed, for another round.</summary>
    public void ForgetUnsuccessful(string id) => _database.Write(c => c.Execute("DELETE FROM pipeline_step WHERE execution = $1 AND status <> 'Succeeded'", id));

    /// <summary>Forgets a pipeline's executions.</summary>
    public void Forget(string pipeline) => _database.Write(c =>
    {
        c.Execute("DELETE FROM pipeline_step WHERE execution IN (SELECT id FROM pipeline_execution WHERE pipeline = $1)", pipeline);
        c.Execute("DELETE FROM pipeline_execution WHERE pipeline = $1", pipeline);
    });

    /// <summary>The newest result that ran with the same cache key, and its execution's ARN.</summary>
    public (string Source, StepRow Row)? FindCached(string key, DateTimeOffset? since) => _database.Read(c =>
    {
        var hits = c.Query(
            $"SELECT {StepColumns}, execution FROM pipeline_step WHERE cache_key = $1 AND status = 'Succeeded' AND ended >= $2 ORDER BY ended DESC LIMIT 1",
            r => (Row: Step(r), Execution: r.GetString(13)), key, since is null ? 0 : Time(since.Value));
        return hits.Count == 0 || Find(hits[0].Execution) is not { } source ? ((string, StepRow)?)null : (source.Facts.Arn, hits[0].Row);
    });

    private static ExecutionRow Execution(SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetInt64(2), Enum.Parse<PipelineExecutionStatus>(row.GetString(3)), Time(row, 4)!.Value, Time(row, 5)!.Value,
        row.GetInt32(6), Text(row, 7), JsonSerializer.Deserialize<ExecutionFacts>(row.GetString(8), AwsJson.Lenient)!);

    private static StepRow Step(SqliteDataReader row) => new(
        row.GetString(0), row.GetInt32(1), Enum.Parse<StepStatus>(row.GetString(2)), row.GetInt32(3), Time(row, 4)!.Value, Time(row, 5), Time(row, 6), Text(row, 7),
        Text(row, 8) is { } metadata ? JsonSerializer.Deserialize<PipelineExecutionStepMetadata>(metadata, AwsJson.Lenient) : null,
        Text(row, 9), Text(row, 10), Text(row, 11), Text(row, 12));

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static DateTimeOffset? Time(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static long? Time(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static string Json<T>(T value) => JsonSerializer.Serialize(value, AwsJson.Lenient);
}
