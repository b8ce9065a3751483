using System.Text.Json;
using Slipway.Aws.CodePipeline;
using Slipway.Aws.Wire;
using Slipway.LocalAws.CodePipeline.Executions;
using Slipway.LocalAws.CodePipeline.Structure;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.CodePipeline;

/// <summary>Pipelines: https://docs.aws.amazon.com/codepipeline/latest/APIReference/API_PipelineDeclaration.html</summary>
internal sealed class Pipelines(
    Database database, PipelineTable table, ExecutionStore store, ExecutionStarts starts, Flow flow, Cancellations cancellations, SeenRevisions seen,
    ActionSignals signals, Roles roles, TimeProvider time)
{
    private const int DefaultPage = 1000;

    public CreatePipeline.Response Create(CreatePipeline request, Caller caller)
    {
        var declaration = Complete(request.Pipeline, 1);
        Check(declaration, caller.Region);
        var now = time.GetUtcNow();
        var pipeline = new StoredPipeline(declaration.Name, caller.Region, caller.AccountId, 1, now, now, PipelineTags.Checked([], request.Tags ?? []));
        database.Write(_ =>
        {
            if (!table.Insert(pipeline, declaration))
            {
                throw CodePipelineErrors.Of("PipelineNameInUse", $"A pipeline with the name '{declaration.Name}' already exists in account '{caller.AccountId}'");
            }

            seen.Begin(declaration);
            // what has no value for one of its variables waits for a start that gives it
            if ((declaration.Variables ?? []).All(v => v.DefaultValue is not null))
            {
                starts.Start(pipeline, new("CreatePipeline", caller.Identity.Arn));
            }
        });
        return new(declaration, request.Tags is null ? null : pipeline.Tags);
    }

    public GetPipeline.Response Get(GetPipeline request)
    {
        var pipeline = table.Require(request.Name);
        var declaration = table.Declaration(pipeline.Name, request.Version ?? pipeline.Version)
            ?? throw CodePipelineErrors.Of("PipelineVersionNotFound", $"Pipeline '{pipeline.Name}' does not have a version {request.Version}");
        return new(declaration, new(pipeline.Arn, pipeline.Created, pipeline.Updated));
    }

    /// <summary>Gives a pipeline a new structure. Executions that are under way end as Cancelled where its stages change, as in AWS.</summary>
    public UpdatePipeline.Response Update(UpdatePipeline request) => database.Write(_ =>
    {
        var pipeline = table.Require(request.Pipeline.Name);
        var declaration = Complete(request.Pipeline, pipeline.Version + 1);
        Check(declaration, pipeline.Region);
        var before = table.Current(pipeline);
        table.Update(pipeline with { Version = pipeline.Version + 1, Updated = time.GetUtcNow() }, declaration);
        if (!SameStages(before, declaration))
        {
            cancellations.Cancel(pipeline.Name);
        }

        seen.Begin(declaration);
        flow.Advance(pipeline.Name);
        return new UpdatePipeline.Response(declaration);
    });

    /// <summary>Deletes a pipeline; one that is not there is no error.</summary>
    public void Delete(DeletePipeline request) => database.Write(_ =>
    {
        foreach (var execution in store.Live(request.Name))
        {
            store.Actions(execution.Id).ForEach(a => signals.AfterCommit(a.Id));
        }

        store.Forget(request.Name);
        seen.Forget(request.Name);
        table.Delete(request.Name);
    });

    public ListPipelines.Response List(ListPipelines request)
    {
        var page = Page.Of(table.All(), p => p.Name, request.NextToken, request.MaxResults ?? DefaultPage, CodePipelineErrors.InvalidToken);
        return new([.. page.Items.Select(Summary)], page.NextToken);
    }

    /// <exception cref="AwsException">What <see cref="StructureCheck.Check"/> throws; InvalidStructureException for a role that is not there.</exception>
    private void Check(PipelineDeclaration declaration, string region)
    {
        StructureCheck.Check(declaration, region);
        var named = declaration.Stages.SelectMany(s => s.Actions).Select(a => a.RoleArn).OfType<string>().Prepend(declaration.RoleArn);
        if (named.FirstOrDefault(r => roles.Find(r) is null) is { } missing)
        {
            throw CodePipelineErrors.Structure($"CodePipeline is not authorized to perform AssumeRole on role {missing}: the role does not exist");
        }
    }

    private PipelineSummary Summary(StoredPipeline pipeline)
    {
        var declaration = table.Current(pipeline);
        return new(pipeline.Name, pipeline.Version, declaration.PipelineType!.Value, declaration.ExecutionMode!.Value, pipeline.Created, pipeline.Updated);
    }

    /// <summary>A structure with the values of what it leaves out.</summary>
    private static PipelineDeclaration Complete(PipelineDeclaration declaration, int version) => declaration with
    {
        Version = version,
        ExecutionMode = declaration.ExecutionMode ?? ExecutionMode.SUPERSEDED,
        PipelineType = declaration.PipelineType ?? PipelineType.V1,
        Stages = [.. declaration.Stages.Select(s => s with { Actions = [.. s.Actions.Select(Complete)] })],
    };

    private static ActionDeclaration Complete(ActionDeclaration action) => action with
    {
        RunOrder = action.RunOrder ?? 1,
        Configuration = action.Configuration ?? new Dictionary<string, string>(),
        InputArtifacts = action.InputArtifacts ?? [],
        OutputArtifacts = action.OutputArtifacts ?? [],
    };

    /// <summary>Whether two versions have the same stages, however else they differ.</summary>
    public static bool SameStages(PipelineDeclaration one, PipelineDeclaration other) => Json(one.Stages) == Json(other.Stages);

    private static string Json(IReadOnlyList<StageDeclaration> stages) => JsonSerializer.Serialize(stages, AwsJson.Lenient);
}
