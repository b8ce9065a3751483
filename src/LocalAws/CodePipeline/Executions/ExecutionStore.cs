using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>The executions of pipelines, their stages and the runs of their actions.</summary>
internal sealed class ExecutionStore
{
    private readonly Database _database;

    public ExecutionStore(Database database)
    {
        _database = database;
        database.Define("""
            CREATE TABLE IF NOT EXISTS codepipeline_execution (
                number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, is_over INTEGER NOT NULL, body TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS codepipeline_execution_of ON codepipeline_execution (pipeline, number);
            CREATE INDEX IF NOT EXISTS codepipeline_execution_live ON codepipeline_execution (pipeline, number) WHERE is_over = 0;
            CREATE TABLE IF NOT EXISTS codepipeline_stage (
                number INTEGER PRIMARY KEY AUTOINCREMENT, pipeline TEXT NOT NULL, execution TEXT NOT NULL, stage TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (execution, stage));
            CREATE INDEX IF NOT EXISTS codepipeline_stage_of ON codepipeline_stage (pipeline, stage, number);
            CREATE TABLE IF NOT EXISTS codepipeline_action (
                number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, pipeline TEXT NOT NULL, execution TEXT NOT NULL, stage TEXT NOT NULL, action TEXT NOT NULL,
                is_running INTEGER NOT NULL, token TEXT, body TEXT NOT NULL);
            CREATE INDEX IF NOT EXISTS codepipeline_action_of ON codepipeline_action (execution, number);
            CREATE INDEX IF NOT EXISTS codepipeline_action_latest ON codepipeline_action (pipeline, stage, action, number);
            CREATE INDEX IF NOT EXISTS codepipeline_action_running ON codepipeline_action (is_running) WHERE is_running = 1;
            CREATE INDEX IF NOT EXISTS codepipeline_action_token ON codepipeline_action (token) WHERE token IS NOT NULL;
            """);
    }

    /// <summary>Adds an execution as the newest.</summary>
    public void Insert(ExecutionRow row) => _database.Write(c => c.Execute(
        "INSERT INTO codepipeline_execution (id, pipeline, is_over, body) VALUES ($1, $2, $3, $4)", row.Id, row.Pipeline, row.IsOver, Json(row)));

    public void Update(ExecutionRow row) => _database.Write(c => c.Execute(
        "UPDATE codepipeline_execution SET is_over = $2, body = $3 WHERE id = $1", row.Id, row.IsOver, Json(row)));

    public ExecutionRow? Find(string id) => ExecutionRows("id = $1", id).FirstOrDefault();

    /// <summary>A pipeline's executions, the newest first.</summary>
    public List<ExecutionRow> Of(string pipeline) => ExecutionRows("pipeline = $1 ORDER BY number DESC", pipeline);

    /// <summary>A pipeline's executions that are not over, the oldest first.</summary>
    public List<ExecutionRow> Live(string pipeline) => ExecutionRows("pipeline = $1 AND is_over = 0 ORDER BY number", pipeline);

    /// <summary>Adds a stage that is entered, or changes it.</summary>
    public void Put(StageRow row) => _database.Write(c => c.Execute(
        "INSERT INTO codepipeline_stage (pipeline, execution, stage, body) VALUES ($1, $2, $3, $4) ON CONFLICT (execution, stage) DO UPDATE SET body = $4",
        row.Pipeline, row.Execution, row.Stage, Json(row)));

    /// <summary>A stage of an execution, or null where it has not been entered.</summary>
    public StageRow? Stage(string execution, string stage) => StageRows("execution = $1 AND stage = $2", execution, stage).FirstOrDefault();

    /// <summary>A stage as all executions had it, the one that entered it last first.</summary>
    public List<StageRow> StageRuns(string pipeline, string stage) => StageRows("pipeline = $1 AND stage = $2 ORDER BY number DESC", pipeline, stage);

    /// <summary>A stage as the execution that entered it last has it, or null.</summary>
    public StageRow? LatestStage(string pipeline, string stage) => StageRows("pipeline = $1 AND stage = $2 ORDER BY number DESC LIMIT 1", pipeline, stage).FirstOrDefault();

    /// <summary>Adds a run of an action, or changes it.</summary>
    public void Put(ActionRow row) => _database.Write(c => c.Execute(
        """
        INSERT INTO codepipeline_action (id, pipeline, execution, stage, action, is_running, token, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (id) DO UPDATE SET is_running = $6, body = $8
        """,
        row.Id, row.Pipeline, row.Execution, row.Stage, row.Action, row.Status == ActionExecutionStatus.InProgress, row.Token, Json(row)));

    /// <summary>Notes something of a run while it is under way; nothing where it is over.</summary>
    public void Note(string actionId, Func<ActionRow, ActionRow> change) => _database.Write(_ =>
    {
        if (Action(actionId) is { Status: ActionExecutionStatus.InProgress } now)
        {
            Put(change(now));
        }
    });

    public ActionRow? Action(string id) => ActionRows("id = $1", id).FirstOrDefault();

    /// <summary>The run of the approval that a token answers, or null.</summary>
    public ActionRow? ByToken(string token) => ActionRows("token = $1", token).FirstOrDefault();

    /// <summary>The runs of an execution's actions in their order.</summary>
    public List<ActionRow> Actions(string execution) => ActionRows("execution = $1 ORDER BY number", execution);

    /// <summary>The runs of a pipeline's actions, the newest first.</summary>
    public List<ActionRow> ActionsOf(string pipeline) => ActionRows("pipeline = $1 ORDER BY number DESC", pipeline);

    /// <summary>The latest run of an action in any execution, or null.</summary>
    public ActionRow? LatestAction(string pipeline, string stage, string action) =>
        ActionRows("pipeline = $1 AND stage = $2 AND action = $3 ORDER BY number DESC LIMIT 1", pipeline, stage, action).FirstOrDefault();

    /// <summary>Every run that has not ended.</summary>
    public List<ActionRow> Running() => ActionRows("is_running = 1 ORDER BY number");

    /// <summary>Forgets a pipeline's executions.</summary>
    public void Forget(string pipeline) => _database.Write(c =>
    {
        c.Execute("DELETE FROM codepipeline_action WHERE pipeline = $1", pipeline);
        c.Execute("DELETE FROM codepipeline_stage WHERE pipeline = $1", pipeline);
        c.Execute("DELETE FROM codepipeline_execution WHERE pipeline = $1", pipeline);
    });

    private List<ExecutionRow> ExecutionRows(string where, params object[] values) => _database.Read(c => c.Query(
        $"SELECT body, number FROM codepipeline_execution WHERE {where}", r => Row<ExecutionRow>(r) with { Number = r.GetInt64(1) }, values));

    private List<StageRow> StageRows(string where, params object[] values) =>
        _database.Read(c => c.Query($"SELECT body FROM codepipeline_stage WHERE {where}", Row<StageRow>, values));

    private List<ActionRow> ActionRows(string where, params object[] values) =>
        _database.Read(c => c.Query($"SELECT body FROM codepipeline_action WHERE {where}", Row<ActionRow>, values));

    private static T Row<T>(SqliteDataReader row) => JsonSerializer.Deserialize<T>(row.GetString(0), AwsJson.Lenient)!;

    private static string Json<T>(T row) => JsonSerializer.Serialize(row, AwsJson.Lenient);
}
