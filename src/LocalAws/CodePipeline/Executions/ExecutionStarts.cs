using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodeCommit;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline.Executions;

/// <summary>What an execution is started with, beside what the pipeline says.</summary>
internal sealed record StartInput
{
    public IReadOnlyList<PipelineVariable> Variables { get; init; } = [];

    public IReadOnlyList<SourceRevisionOverride> SourceRevisions { get; init; } = [];

    public IReadOnlyDictionary<string, string> Branches { get; init; } = new Dictionary<string, string>();
}

/// <summary>Starts executions, whatever asks for it. Call it in a transaction.</summary>
internal sealed class ExecutionStarts(ExecutionStore store, PipelineTable table, ExecutionMoves moves, Flow flow, ServerLog log, TimeProvider time)
{
    // https://docs.aws.amazon.com/codepipeline/latest/userguide/limits.html
    private const int MostAtOnce = 50;

    /// <summary>Adds an execution, which enters the first stage as soon as that is free.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="AwsException">ValidationException, ConcurrentPipelineExecutionsLimitExceededException.</exception>
    public string Start(StoredPipeline pipeline, ExecutionTrigger trigger, StartInput? input = null)
    {
        var (structure, given, now) = (table.Current(pipeline), input ?? new(), time.GetUtcNow());
        var mode = structure.ExecutionMode!.Value;
        if (mode != ExecutionMode.SUPERSEDED && store.Live(pipeline.Name).Count >= MostAtOnce)
        {
            throw CodePipelineErrors.Of("ConcurrentPipelineExecutionsLimitExceeded", $"Pipeline '{pipeline.Name}' has reached the limit of {MostAtOnce} concurrent executions in {mode} mode");
        }

        CheckRevisions(structure, given.SourceRevisions);
        var row = new ExecutionRow(Guid.NewGuid().ToString(), pipeline.Name, pipeline.Version, mode, PipelineExecutionStatus.InProgress, now, now, trigger)
        {
            Variables = Bind(structure.Variables ?? [], given.Variables), SourceRevisions = given.SourceRevisions, Branches = given.Branches,
        };
        moves.Start(row);
        flow.Advance(pipeline.Name);
        return row.Id;
    }

    /// <summary>Starts a pipeline for something that happened; one that is gone is not started, and why another is not goes into the log.</summary>
    /// <param name="name">The pipeline.</param>
    /// <param name="cause">What happened, for the log.</param>
    /// <param name="trigger">What happened, for the execution.</param>
    /// <param name="input">What the execution is started with.</param>
    public void TryStart(string name, string cause, ExecutionTrigger trigger, StartInput? input = null)
    {
        if (table.Find(name) is not { } pipeline)
        {
            return;
        }

        try
        {
            Start(pipeline, trigger, input);
        }
        catch (AwsException e)
        {
            // nobody asked who could be told: too many executions, or a variable without a value
            log.Write($"{cause} did not start the pipeline {name}: {e.Message}");
        }
    }

    private static List<ResolvedPipelineVariable> Bind(IReadOnlyList<PipelineVariableDeclaration> declared, IReadOnlyList<PipelineVariable> given)
    {
        if (given.FirstOrDefault(g => declared.All(d => d.Name != g.Name)) is { } unknown)
        {
            throw AwsErrors.Validation($"The variable '{unknown.Name}' is not declared in the pipeline");
        }

        return [.. declared.Select(d => new ResolvedPipelineVariable(d.Name, given.LastOrDefault(g => g.Name == d.Name)?.Value ?? d.DefaultValue
            ?? throw AwsErrors.Validation($"The variable '{d.Name}' has no default value, so that an execution must be given one")))];
    }

    private static void CheckRevisions(PipelineDeclaration structure, IReadOnlyList<SourceRevisionOverride> revisions)
    {
        if (Structure.StructureCheck.Twice(revisions.Select(r => r.ActionName)) is { } twice)
        {
            throw AwsErrors.Validation($"The source action '{twice}' has more than one source revision");
        }

        foreach (var revision in revisions)
        {
            var source = structure.Stages[0].Actions.FirstOrDefault(a => a.Name == revision.ActionName)
                ?? throw AwsErrors.Validation($"The source revision's action '{revision.ActionName}' is no source action of the pipeline");
            var isRight = (source.ActionTypeId.Provider, revision.RevisionType) switch
            {
                ("CodeCommit", "COMMIT_ID") => GitObjects.IsId(revision.RevisionValue) ? true : throw AwsErrors.Validation($"'{revision.RevisionValue}' is no commit id: 40 characters of 0-9 and a-f"),
                ("S3", "S3_OBJECT_VERSION_ID") => true,
                ("S3", "S3_OBJECT_KEY") => source.Configuration!.GetValueOrDefault("AllowOverrideForS3ObjectKey") == "true" ? true
                    : throw AwsErrors.Validation($"The source action '{source.Name}' does not allow another key: its AllowOverrideForS3ObjectKey is not true"),
                _ => false,
            };
            if (!isRight)
            {
                throw AwsErrors.Validation($"The source action '{source.Name}' of {source.ActionTypeId.Provider} takes no revision of the type {revision.RevisionType}");
            }
        }
    }
}
