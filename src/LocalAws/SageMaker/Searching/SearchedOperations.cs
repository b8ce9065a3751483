using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.Aws.Wire;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Searching;

/// <summary>SageMaker's own operations, asked as a client would ask them: what is searched is what they answer.</summary>
internal sealed class SearchedOperations(Operations operations)
{
    private static readonly AwsService SageMaker = AwsService.Of(typeof(Search));

    /// <summary>An operation's answer.</summary>
    public async Task<JsonObject> Ask(string operation, JsonObject request, Caller caller, CancellationToken cancellation)
    {
        var answer = await operations.Handle(SageMaker, operation, request, caller, cancellation);
        return JsonSerializer.SerializeToNode(answer, answer.GetType(), AwsJson.Lenient)!.AsObject();
    }

    /// <summary>All pages of a listing.</summary>
    /// <param name="operation">The operation that lists.</param>
    /// <param name="items">The member of its answer that holds the items.</param>
    /// <param name="scope">What the request asks for, beside its page.</param>
    /// <param name="caller">Who asks.</param>
    /// <param name="cancellation">Ends the search.</param>
    public async Task<List<JsonObject>> List(string operation, string items, JsonObject scope, Caller caller, CancellationToken cancellation)
    {
        var found = new List<JsonObject>();
        string? token = null;
        do
        {
            var request = scope.DeepClone().AsObject();
            request["MaxResults"] = 100;
            if (token is not null)
            {
                request["NextToken"] = token;
            }

            var page = await Ask(operation, request, caller, cancellation);
            found.AddRange(page[items]!.AsArray().Select(i => i!.AsObject()));
            token = page["NextToken"]?.ToString();
        }
        while (token is not null);
        return found;
    }
}
