using Slipway.Aws.SageMaker;
using Slipway.LocalAws.Storage;

namespace Slipway.LocalAws.SageMaker;

/// <summary>What SageMaker's listings have in common: a part of the name, a span of creation times, a sort order and pages.</summary>
internal sealed record Listing(
    string? NameContains, DateTimeOffset? CreatedAfter, DateTimeOffset? CreatedBefore, string? SortBy, SortOrder SortOrder, string? NextToken, int? MaxResults)
{
    private const int DefaultPage = 10;

    /// <summary>The page of a listing.</summary>
    /// <param name="items">Every resource in the order of its name.</param>
    /// <param name="name">A resource's name.</param>
    /// <param name="created">When it was made.</param>
    /// <param name="arn">What names it uniquely.</param>
    /// <param name="other">The values of a further sort key, by which <see cref="SortBy"/> may sort.</param>
    public Page<T> Page<T>(
        IEnumerable<T> items, Func<T, string> name, Func<T, DateTimeOffset> created, Func<T, string> arn, Func<T, string>? other = null)
    {
        var found = items.Where(i =>
            (NameContains is null || name(i).Contains(NameContains, StringComparison.OrdinalIgnoreCase))
            && (CreatedAfter is null || created(i) > CreatedAfter)
            && (CreatedBefore is null || created(i) < CreatedBefore));
        // the sort is stable, so that resources of one instant keep the order of their names
        IEnumerable<T> sorted = SortBy switch
        {
            "Name" => Sort(found, name, StringComparer.Ordinal),
            null or "CreationTime" => Sort(found, created, Comparer<DateTimeOffset>.Default),
            _ => Sort(found, other!, StringComparer.Ordinal),
        };
        return Storage.Page.Of(sorted, arn, NextToken, MaxResults ?? DefaultPage);
    }

    private IEnumerable<T> Sort<T, TKey>(IEnumerable<T> items, Func<T, TKey> key, IComparer<TKey> comparer) =>
        SortOrder == SortOrder.Ascending ? items.OrderBy(key, comparer) : items.OrderByDescending(key, comparer);
}
