using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Iam;
using Slipway.LocalAws.SageMaker.Pipelines.Definitions;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>SageMaker's pipelines: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreatePipeline.html</summary>
internal sealed class Pipelines(
    Database database, Roles roles, Tags tags, PipelineVersions versions, DefinitionReader reader, DefinitionSource source, ExecutionStore executions, Callbacks callbacks,
    ClientTokens tokens, TimeProvider time)
{
    private const int DefaultPage = 10;
    private readonly Table<Pipeline> _pipelines = new(database, "pipeline", p => p.Name);

    public async Task<CreatePipeline.Response> Create(CreatePipeline request, Caller caller, CancellationToken cancellation)
    {
        var definition = await source.Read(request.PipelineDefinition, request.PipelineDefinitionS3Location, cancellation)
            ?? throw AwsErrors.Validation("Either PipelineDefinition or PipelineDefinitionS3Location must be given.");
        reader.Read(definition);
        var arn = tokens.Once(request.ClientRequestToken, request, () =>
        {
            roles.Require(request.RoleArn);
            var now = time.GetUtcNow();
            var user = Creator.Of(caller);
            var pipeline = new Pipeline(
                request.PipelineName, caller.Arn("sagemaker", $"pipeline/{request.PipelineName}"), request.RoleArn, now, now, request.PipelineDisplayName, request.PipelineDescription,
                request.ParallelismConfiguration, user, user);
            if (!_pipelines.Insert(pipeline))
            {
                throw AwsErrors.Validation($"Pipeline names must be unique within an AWS account and region. Pipeline with name ({request.PipelineName}) already exists.");
            }

            versions.Put(pipeline.Name, definition, now, user);
            tags.Create(pipeline.Arn, request.Tags);
            return pipeline.Arn;
        });
        return new(arn);
    }

    public async Task<UpdatePipeline.Response> Update(UpdatePipeline request, Caller caller, CancellationToken cancellation)
    {
        var definition = await source.Read(request.PipelineDefinition, request.PipelineDefinitionS3Location, cancellation);
        if (definition is not null)
        {
            reader.Read(definition);
        }

        return database.Write(_ =>
        {
            var pipeline = Require(request.PipelineName);
            if (request.RoleArn is { } role)
            {
                roles.Require(role);
            }

            var now = time.GetUtcNow();
            if (definition is not null)
            {
                versions.Put(pipeline.Name, definition, now, Creator.Of(caller));
            }

            _pipelines.Update(pipeline with
            {
                RoleArn = request.RoleArn ?? pipeline.RoleArn,
                DisplayName = request.PipelineDisplayName ?? pipeline.DisplayName,
                Description = request.PipelineDescription ?? pipeline.Description,
                Parallelism = request.ParallelismConfiguration ?? pipeline.Parallelism,
                Modified = now,
                ModifiedBy = Creator.Of(caller),
            });
            return new UpdatePipeline.Response(pipeline.Arn, versions.Newest(pipeline.Name)!.Id);
        });
    }

    public DescribePipeline.Response Describe(DescribePipeline request)
    {
        var pipeline = Require(request.PipelineName);
        var version = Version(pipeline, request.PipelineVersionId);
        return new(
            pipeline.Arn, pipeline.Name, version.Definition, pipeline.RoleArn, PipelineStatus.Active, pipeline.Created, pipeline.Modified, pipeline.DisplayName, pipeline.Description,
            executions.LastStart(pipeline.Name), pipeline.CreatedBy, pipeline.ModifiedBy, pipeline.Parallelism,
            version.Facts.DisplayName, version.Facts.Description);
    }

    public DeletePipeline.Response Delete(DeletePipeline request) => new(tokens.Once(request.ClientRequestToken, request, () =>
    {
        var pipeline = Require(request.PipelineName);
        if (executions.Of(pipeline.Name).FirstOrDefault(e => !e.IsOver) is { } running)
        {
            throw AwsErrors.Conflict($"Pipeline {pipeline.Arn} can't be deleted: its execution {running.Facts.Arn} is {running.Status}. Stop it first.");
        }

        callbacks.Forget([.. executions.Of(pipeline.Name).Select(e => e.Id)]);
        executions.Forget(pipeline.Name);
        versions.Forget(pipeline.Name);
        tags.Forget(pipeline.Arn);
        _pipelines.Delete(pipeline.Name);
        return pipeline.Arn;
    }));

    public ListPipelines.Response List(ListPipelines request)
    {
        var found = _pipelines.All().Where(p =>
            p.Name.StartsWith(request.PipelineNamePrefix ?? "", StringComparison.Ordinal)
            && (request.CreatedAfter is not { } after || p.Created >= after) && (request.CreatedBefore is not { } before || p.Created <= before));
        var sorted = request.SortBy == "Name" ? found.OrderBy(p => p.Name, StringComparer.Ordinal) : found.OrderBy(p => p.Created).ThenBy(p => p.Name, StringComparer.Ordinal);
        var ordered = request.SortOrder == SortOrder.Ascending ? sorted.ToList() : [.. sorted.Reverse()];
        var page = Page.Of(ordered, p => p.Name, request.NextToken, request.MaxResults ?? DefaultPage);
        return new([.. page.Items.Select(Summary)], page.NextToken);
    }

    /// <summary>A pipeline by its name or ARN.</summary>
    /// <exception cref="AwsException">ResourceNotFound.</exception>
    public Pipeline Require(string nameOrArn)
    {
        var name = nameOrArn[(nameOrArn.LastIndexOf('/') + 1)..];
        return _pipelines.Find(name) is { } pipeline && (name == nameOrArn || pipeline.Arn == nameOrArn) ? pipeline
            : throw AwsErrors.ResourceNotFound($"Pipeline '{nameOrArn}' does not exist.");
    }

    /// <summary>A pipeline's definition of a version, the newest where none is asked for.</summary>
    /// <exception cref="AwsException">ResourceNotFound.</exception>
    public DefinitionVersion Version(Pipeline pipeline, long? version) =>
        (version is { } id ? versions.Find(pipeline.Name, id) : versions.Newest(pipeline.Name))
        ?? throw AwsErrors.ResourceNotFound($"Pipeline '{pipeline.Name}' has no version {version}.");

    private PipelineSummary Summary(Pipeline pipeline) => new(
        pipeline.Arn, pipeline.Name, pipeline.RoleArn, pipeline.Created, pipeline.Modified, pipeline.DisplayName, pipeline.Description, executions.LastStart(pipeline.Name));
}

/// <summary>A pipeline as it is kept, without its definitions.</summary>
internal sealed record Pipeline(
    string Name, string Arn, string RoleArn, DateTimeOffset Created, DateTimeOffset Modified, string? DisplayName, string? Description,
    ParallelismConfiguration? Parallelism, UserContext CreatedBy, UserContext ModifiedBy);
