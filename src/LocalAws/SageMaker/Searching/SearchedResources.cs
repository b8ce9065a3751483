using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Searching;

/// <summary>A resource as a search sees it.</summary>
/// <param name="Kind">AWS's name of its kind.</param>
/// <param name="Arn">Its ARN.</param>
/// <param name="Properties">What its Describe operation answers, and its tags.</param>
internal sealed record SearchedResource(string Kind, string Arn, JsonObject Properties)
{
    /// <summary>The resource in the member of its kind.</summary>
    public SearchRecord ToRecord() => new JsonObject { [Kind] = Properties.DeepClone() }.Deserialize<SearchRecord>(AwsJson.Lenient)!;
}

/// <summary>How the resources of a kind are listed and described, by SageMaker's own operations.</summary>
/// <param name="List">The operation that lists them.</param>
/// <param name="Items">The member of its answer that holds them.</param>
/// <param name="Describe">The operation that describes one.</param>
/// <param name="Id">The member that names one, in the list's items.</param>
/// <param name="Parameter">The member that names one, in the request to describe it.</param>
/// <param name="Arn">The member that is its ARN.</param>
internal sealed record SearchedKind(string List, string Items, string Describe, string Id, string Parameter, string Arn);

/// <summary>The resources that a search goes through: those that SageMaker's list operations give, each as its Describe operation has it.</summary>
internal sealed class SearchedResources(Operations operations, Tags tags)
{
    private static readonly AwsService SageMaker = AwsService.Of(typeof(Search));

    private static readonly Dictionary<string, SearchedKind> Kinds = new()
    {
        ["TrainingJob"] = new("ListTrainingJobs", "TrainingJobSummaries", "DescribeTrainingJob", "TrainingJobName", "TrainingJobName", "TrainingJobArn"),
        ["Endpoint"] = new("ListEndpoints", "Endpoints", "DescribeEndpoint", "EndpointName", "EndpointName", "EndpointArn"),
        ["ModelPackage"] = new("ListModelPackages", "ModelPackageSummaryList", "DescribeModelPackage", "ModelPackageArn", "ModelPackageName", "ModelPackageArn"),
        ["ModelPackageGroup"] = new(
            "ListModelPackageGroups", "ModelPackageGroupSummaryList", "DescribeModelPackageGroup", "ModelPackageGroupName", "ModelPackageGroupName", "ModelPackageGroupArn"),
        ["Pipeline"] = new("ListPipelines", "PipelineSummaries", "DescribePipeline", "PipelineName", "PipelineName", "PipelineArn"),
        ["FeatureGroup"] = new("ListFeatureGroups", "FeatureGroupSummaries", "DescribeFeatureGroup", "FeatureGroupName", "FeatureGroupName", "FeatureGroupArn"),
        ["PipelineExecution"] = new(
            "ListPipelineExecutions", "PipelineExecutionSummaries", "DescribePipelineExecution", "PipelineExecutionArn", "PipelineExecutionArn", "PipelineExecutionArn"),
    };

    /// <summary>Every resource of a kind.</summary>
    /// <exception cref="AwsException">NotImplemented: local AWS stores no such resources, or does not search them.</exception>
    public async Task<List<SearchedResource>> All(string kind, Caller caller, CancellationToken cancellation)
    {
        var searched = Kinds.GetValueOrDefault(kind) ?? throw AwsErrors.NotImplemented($"Search for the resource {kind}");
        var found = new List<SearchedResource>();
        foreach (var scope in await Scopes(kind, caller, cancellation))
        {
            foreach (var item in await List(searched, scope, caller, cancellation))
            {
                var request = new JsonObject { [searched.Parameter] = item[searched.Id]!.DeepClone() };
                var properties = await Ask(searched.Describe, request, caller, cancellation);
                var arn = properties[searched.Arn]!.ToString();
                properties["Tags"] = JsonSerializer.SerializeToNode(tags.Of(arn), AwsJson.Lenient);
                found.Add(new(kind, arn, properties));
            }
        }

        return found;
    }

    /// <summary>What the lists ask for: versions are listed by group as well as by themselves, executions by pipeline.</summary>
    private async Task<List<JsonObject>> Scopes(string kind, Caller caller, CancellationToken cancellation)
    {
        var within = kind switch
        {
            "PipelineExecution" => Kinds["Pipeline"],
            "ModelPackage" => Kinds["ModelPackageGroup"],
            _ => null,
        };
        if (within is null)
        {
            return [[]];
        }

        var parents = await List(within, [], caller, cancellation);
        List<JsonObject> scopes = [.. parents.Select(p => new JsonObject { [within.Parameter] = p[within.Id]!.DeepClone() })];
        if (kind == "ModelPackage")
        {
            scopes.Add([]);
        }

        return scopes;
    }

    private async Task<List<JsonObject>> List(SearchedKind kind, JsonObject scope, Caller caller, CancellationToken cancellation)
    {
        var items = new List<JsonObject>();
        string? token = null;
        do
        {
            var request = scope.DeepClone().AsObject();
            request["MaxResults"] = 100;
            if (token is not null)
            {
                request["NextToken"] = token;
            }

            var page = await Ask(kind.List, request, caller, cancellation);
            items.AddRange(page[kind.Items]!.AsArray().Select(i => i!.AsObject()));
            token = page["NextToken"]?.ToString();
        }
        while (token is not null);
        return items;
    }

    private async Task<JsonObject> Ask(string operation, JsonObject request, Caller caller, CancellationToken cancellation)
    {
        var answer = await operations.Handle(SageMaker, operation, request, caller, cancellation);
        return JsonSerializer.SerializeToNode(answer, answer.GetType(), AwsJson.Lenient)!.AsObject();
    }
}
