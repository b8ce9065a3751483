using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.SageMaker.Pipelines.Executions;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Pipelines;

/// <summary>Versions of SageMaker's pipelines: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListPipelineVersions.html</summary>
internal sealed class PipelineVersionOperations(Pipelines pipelines, PipelineVersions versions, ExecutionStore executions, Database database, TimeProvider time)
{
    private const int DefaultPage = 10;

    public ListPipelineVersions.Response List(ListPipelineVersions request)
    {
        var pipeline = pipelines.Require(request.PipelineName);
        var found = versions.Of(pipeline.Name).Where(v =>
            (request.CreatedAfter is not { } after || v.Created >= after) && (request.CreatedBefore is not { } before || v.Created <= before));
        var ordered = request.SortOrder == SortOrder.Ascending ? found : found.Reverse();
        var page = Page.Of(ordered, v => $"{v.Id}", request.NextToken, request.MaxResults ?? DefaultPage);
        return new([.. page.Items.Select(v => new PipelineVersionSummary(
            pipeline.Arn, v.Id, v.Created, v.Facts.Description, v.Facts.DisplayName, executions.Last(pipeline.Name, v.Id)?.Facts.Arn))], page.NextToken);
    }

    public UpdatePipelineVersion.Response Update(UpdatePipelineVersion request, Caller caller) => database.Write(_ =>
    {
        var pipeline = pipelines.Require(request.PipelineArn);
        var version = pipelines.Version(pipeline, request.PipelineVersionId);
        versions.Describe(pipeline.Name, version.Id, version.Facts with
        {
            DisplayName = request.PipelineVersionDisplayName ?? version.Facts.DisplayName,
            Description = request.PipelineVersionDescription ?? version.Facts.Description,
            Modified = time.GetUtcNow(),
            ModifiedBy = Creator.Of(caller),
        });
        return new UpdatePipelineVersion.Response(pipeline.Arn, version.Id);
    });

    /// <summary>Every version of a pipeline, as a search finds it.</summary>
    /// <exception cref="AwsException">ResourceNotFound: there is no such pipeline.</exception>
    public IEnumerable<PipelineVersion> All(string nameOrArn)
    {
        var pipeline = pipelines.Require(nameOrArn);
        return versions.Of(pipeline.Name).Select(v =>
        {
            var last = executions.Last(pipeline.Name, v.Id);
            return new PipelineVersion(
                pipeline.Arn, v.Id, v.Created, v.Facts.Modified ?? v.Created, v.Facts.DisplayName, v.Facts.Description, v.Facts.CreatedBy, v.Facts.ModifiedBy,
                last?.Facts.Arn, last?.Facts.DisplayName, last?.Status);
        });
    }
}
