using System.Globalization;
using System.Text.Json.Nodes;
using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Storage;
using Slipway.LocalAws.Wire;

namespace Slipway.LocalAws.SageMaker.Searching;

/// <summary>Search: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html</summary>
internal sealed class Searches(SearchedResources resources)
{
    private const int DefaultPage = 10;

    public async Task<Search.Response> Search(Search request, Caller caller, CancellationToken cancellation)
    {
        var found = (await resources.All(request.Resource, caller, cancellation))
            .Where(r => SearchConditions.Meets(r.Properties, request.SearchExpression) && SearchConditions.IsVisible(r.Properties, request.VisibilityConditions ?? []))
            // no other account shares a resource with this one
            .Where(_ => request.CrossAccountFilterOption != "CrossAccount")
            .ToList();
        var page = Page.Of(Sort(found, request), r => r.Arn, request.NextToken, request.MaxResults ?? DefaultPage);
        return new([.. page.Items.Select(r => r.ToRecord())], page.NextToken, new(found.Count, "EqualTo"));
    }

    /// <summary>By the last change where nothing is said, the newest first, as AWS does.</summary>
    private static IEnumerable<SearchedResource> Sort(List<SearchedResource> found, Search request)
    {
        var by = request.SortBy ?? "LastModifiedTime";
        var sorted = found.OrderBy(r => PropertyPath.Values(r.Properties, by).FirstOrDefault(), PropertyOrder.Instance).ThenBy(r => r.Arn, StringComparer.Ordinal);
        return request.SortOrder == SortOrder.Ascending ? sorted : sorted.Reverse();
    }
}

/// <summary>The order of two properties: numbers and times by size, else text; what is absent comes first.</summary>
internal sealed class PropertyOrder : IComparer<JsonNode?>
{
    public static PropertyOrder Instance { get; } = new();

    public int Compare(JsonNode? x, JsonNode? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        return Number(x.ToString()) is { } left && Number(y.ToString()) is { } right
            ? left.CompareTo(right)
            : string.CompareOrdinal(x.ToString(), y.ToString());
    }

    /// <summary>A number, or a time as seconds since 1970; null for what is neither.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : text.Contains('-', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds() / 1000.0
        : null;
}
