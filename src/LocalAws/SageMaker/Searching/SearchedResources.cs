using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Searching;

/// <summary>A resource as a search sees it.</summary>
/// <param name="Kind">AWS's name of its kind.</param>
/// <param name="Arn">What names it uniquely: its ARN, or that of the resource that it is a part of and its own name.</param>
/// <param name="Properties">What a search looks at: what the resource's Describe operation answers, and its tags.</param>
internal sealed record SearchedResource(string Kind, string Arn, JsonObject Properties)
{
    /// <summary>What the search answers, where that is not the properties themselves.</summary>
    public JsonObject? Answer { get; init; }

    /// <summary>The resource in the member of its kind.</summary>
    public SearchRecord ToRecord() => new JsonObject { [Kind] = (Answer ?? Properties).DeepClone() }.Deserialize<SearchRecord>(AwsJson.Lenient)!;
}

/// <summary>How the resources of a kind are listed and described, by SageMaker's own operations.</summary>
/// <param name="List">The operation that lists them.</param>
/// <param name="Items">The member of its answer that holds them.</param>
/// <param name="Describe">The operation that describes one.</param>
/// <param name="Id">The member that names one, in the list's items.</param>
/// <param name="Parameter">The member that names one, in the request to describe it.</param>
/// <param name="Arn">The member that is its ARN.</param>
internal sealed record SearchedKind(string List, string Items, string Describe, string Id, string Parameter, string Arn)
{
    /// <summary>What describing one answers and Search does not.</summary>
    public IReadOnlyList<string> Hidden { get; init; } = [];
}

/// <summary>The resources that a search goes through: those that SageMaker's list operations give, each as its Describe operation has it.</summary>
internal sealed class SearchedResources(SearchedOperations operations, SearchedParts parts, Tags tags)
{
    private static readonly Dictionary<string, SearchedKind> Kinds = new()
    {
        ["TrainingJob"] = new("ListTrainingJobs", "TrainingJobSummaries", "DescribeTrainingJob", "TrainingJobName", "TrainingJobName", "TrainingJobArn")
        {
            Hidden = ["ProfilingStatus"],
        },
        ["Endpoint"] = new("ListEndpoints", "Endpoints", "DescribeEndpoint", "EndpointName", "EndpointName", "EndpointArn")
        {
            Hidden = ["LastDeploymentConfig", "PendingDeploymentSummary"],
        },
        ["Model"] = new("ListModels", "Models", "DescribeModel", "ModelName", "ModelName", "ModelArn"),
        ["ModelPackage"] = new("ListModelPackages", "ModelPackageSummaryList", "DescribeModelPackage", "ModelPackageArn", "ModelPackageName", "ModelPackageArn"),
        ["ModelPackageGroup"] = new(
            "ListModelPackageGroups", "ModelPackageGroupSummaryList", "DescribeModelPackageGroup", "ModelPackageGroupName", "ModelPackageGroupName", "ModelPackageGroupArn"),
        ["Pipeline"] = new("ListPipelines", "PipelineSummaries", "DescribePipeline", "PipelineName", "PipelineName", "PipelineArn")
        {
            Hidden = ["PipelineDefinition", "PipelineVersionDisplayName", "PipelineVersionDescription"],
        },
        ["FeatureGroup"] = new("ListFeatureGroups", "FeatureGroupSummaries", "DescribeFeatureGroup", "FeatureGroupName", "FeatureGroupName", "FeatureGroupArn")
        {
            Hidden = ["OnlineStoreTotalSizeBytes", "ThroughputConfig", "NextToken"],
        },
        ["PipelineExecution"] = new(
            "ListPipelineExecutions", "PipelineExecutionSummaries", "DescribePipelineExecution", "PipelineExecutionArn", "PipelineExecutionArn", "PipelineExecutionArn"),
    };

    /// <summary>Every resource of a kind.</summary>
    /// <exception cref="AwsException">NotImplemented: local AWS stores no such resources, or does not search them.</exception>
    public async Task<List<SearchedResource>> All(string kind, Caller caller, CancellationToken cancellation)
    {
        if (parts.Of(kind) is { } part)
        {
            var wholes = await All(part.Whole, caller, cancellation);
            return [.. wholes.SelectMany(part.Of)];
        }

        var searched = Kinds.GetValueOrDefault(kind) ?? throw AwsErrors.NotImplemented($"Search for the resource {kind}");
        var found = new List<SearchedResource>();
        foreach (var scope in await Scopes(kind, caller, cancellation))
        {
            foreach (var item in await operations.List(searched.List, searched.Items, scope, caller, cancellation))
            {
                found.Add(await Described(kind, searched, item, caller, cancellation));
            }
        }

        return kind == "Model" ? await parts.WithEndpoints(found, caller, cancellation) : found;
    }

    private async Task<SearchedResource> Described(string kind, SearchedKind searched, JsonObject item, Caller caller, CancellationToken cancellation)
    {
        var request = new JsonObject { [searched.Parameter] = item[searched.Id]!.DeepClone() };
        var properties = await operations.Ask(searched.Describe, request, caller, cancellation);
        foreach (var hidden in searched.Hidden)
        {
            properties.Remove(hidden);
        }

        var arn = properties[searched.Arn]!.ToString();
        properties["Tags"] = JsonSerializer.SerializeToNode(tags.Of(arn), AwsJson.Lenient);
        if (kind == "PipelineExecution")
        {
            await parts.Complete(properties, caller, cancellation);
        }
        else if (kind == "ModelPackage" && properties["ModelPackageVersion"] is { } version)
        {
            // a search names what describing it does not: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ModelPackage.html
            properties["ModelPackageName"] = $"{properties["ModelPackageGroupName"]}/{version}";
        }

        return new(kind, arn, properties);
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

        var parents = await operations.List(within.List, within.Items, [], caller, cancellation);
        List<JsonObject> scopes = [.. parents.Select(p => new JsonObject { [within.Parameter] = p[within.Id]!.DeepClone() })];
        if (kind == "ModelPackage")
        {
            scopes.Add([]);
        }

        return scopes;
    }
}
