using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;
using Slipway.LocalAws.FeatureStore;
using Slipway.LocalAws.SageMaker.Pipelines;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Searching;

/// <summary>A kind whose resources are parts of another kind's.</summary>
/// <param name="Whole">The other kind.</param>
/// <param name="Of">The parts of one of its resources.</param>
internal sealed record SearchedPart(string Whole, Func<SearchedResource, IEnumerable<SearchedResource>> Of);

/// <summary>What Search tells beyond what one Describe operation answers: features, versions of pipelines, the endpoints of models, the parameters of executions.</summary>
internal sealed class SearchedParts(SearchedOperations operations, PipelineVersionOperations versions, FeatureMetadata features)
{
    /// <summary>The kind that a kind's resources are parts of, or null.</summary>
    public SearchedPart? Of(string kind) => kind switch
    {
        "FeatureMetadata" => new("FeatureGroup", group => features.All(Text(group, "FeatureGroupArn")).Select(f => Part(kind, group.Arn, f.FeatureName, f))),
        "PipelineVersion" => new("Pipeline", pipeline => versions.All(Text(pipeline, "PipelineArn")).Select(v => Part(kind, pipeline.Arn, $"{v.PipelineVersionId}", v))),
        _ => null,
    };

    /// <summary>Gives an execution its parameters and the name of its version.</summary>
    public async Task Complete(JsonObject execution, Caller caller, CancellationToken cancellation)
    {
        var asked = new JsonObject { ["PipelineExecutionArn"] = execution["PipelineExecutionArn"]!.DeepClone() };
        var parameters = await operations.List("ListPipelineParametersForExecution", "PipelineParameters", asked, caller, cancellation);
        execution["PipelineParameters"] = new JsonArray([.. parameters.Select(p => p.DeepClone())]);
        var version = execution["PipelineVersionId"]!.GetValue<long>();
        if (versions.All(execution["PipelineArn"]!.ToString()).First(v => v.PipelineVersionId == version).PipelineVersionDisplayName is { } name)
        {
            execution["PipelineVersionDisplayName"] = name;
        }
    }

    /// <summary>Models with the endpoints whose configuration names them, as the model dashboard shows them.</summary>
    public async Task<List<SearchedResource>> WithEndpoints(List<SearchedResource> models, Caller caller, CancellationToken cancellation)
    {
        var endpoints = new List<(JsonObject Endpoint, IReadOnlyList<string> Models)>();
        foreach (var endpoint in await operations.List("ListEndpoints", "Endpoints", [], caller, cancellation))
        {
            var described = await operations.Ask("DescribeEndpoint", new() { ["EndpointName"] = endpoint["EndpointName"]!.DeepClone() }, caller, cancellation);
            if (described["EndpointConfigName"] is { } name && await Served(name.ToString(), caller, cancellation) is { } served)
            {
                endpoints.Add((endpoint, served));
            }
        }

        return [.. models.Select(model => model with
        {
            Answer = new JsonObject
            {
                ["Model"] = model.Properties.DeepClone(),
                ["Endpoints"] = new JsonArray([.. endpoints.Where(e => e.Models.Contains(Text(model, "ModelName"))).Select(e => e.Endpoint.DeepClone())]),
            },
        })];
    }

    /// <summary>The models of an endpoint's configuration, or null where that was deleted under it.</summary>
    private async Task<IReadOnlyList<string>?> Served(string configuration, Caller caller, CancellationToken cancellation)
    {
        try
        {
            var config = await operations.Ask("DescribeEndpointConfig", new() { ["EndpointConfigName"] = configuration }, caller, cancellation);
            return [.. config["ProductionVariants"]!.AsArray().Select(v => v!["ModelName"]!.ToString())];
        }
        catch (AwsException e) when (e.Code == "ValidationException")
        {
            return null;
        }
    }

    private static SearchedResource Part<T>(string kind, string whole, string name, T part) =>
        new(kind, $"{whole}/{name}", JsonSerializer.SerializeToNode(part, AwsJson.Lenient)!.AsObject());

    private static string Text(SearchedResource resource, string member) => resource.Properties[member]!.ToString();
}
