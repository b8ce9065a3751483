using System.Text.Json;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Storage;

/// <summary>A page of a listing and the token that asks for the next one.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken);

/// <summary>
/// Cuts a sorted listing into pages. The token names the last item given and the one after it, so that no page repeats or leaves
/// out one when others come or go: who deletes what a page gave, and then asks for the next page, is the commonest of those.
/// </summary>
internal static class Page
{
    private static readonly JsonSerializerOptions Format = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <param name="items">The whole listing, sorted.</param>
    /// <param name="key">What names an item uniquely.</param>
    /// <param name="token">The token of the page before, or null.</param>
    /// <param name="size">The page's largest size.</param>
    /// <param name="invalid">The error for a token that this listing did not give.</param>
    public static Page<T> Of<T>(IEnumerable<T> items, Func<T, string> key, string? token, int size, Func<AwsException>? invalid = null)
    {
        var all = items as IReadOnlyList<T> ?? [.. items];
        var start = token is null ? 0 : Start(all, key, Decode(token) ?? throw invalid?.Invoke() ?? AwsErrors.Validation("Invalid pagination token."));
        var page = all.Skip(start).Take(size).ToList();
        var end = start + page.Count;
        return new(page, end < all.Count ? Encode(new(end, all.Count, key(all[end - 1]), key(all[end]))) : null);
    }

    private static int Start<T>(IReadOnlyList<T> all, Func<T, string> key, Place place)
    {
        var next = -1;
        for (var i = 0; i < all.Count; i++)
        {
            var name = key(all[i]);
            if (name == place.Last)
            {
                return i + 1;
            }

            next = name == place.Next ? i : next;
        }

        // both are gone: the rest has moved up by what is gone, less the one that had not been given
        return next >= 0 ? next : Math.Clamp(place.Position - Math.Max(0, place.Count - all.Count - 1), 0, all.Count);
    }

    private static string Encode(Place place) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(place, Format));

    private static Place? Decode(string token)
    {
        var bytes = new byte[token.Length];
        try
        {
            return Convert.TryFromBase64String(token, bytes, out var length) ? JsonSerializer.Deserialize<Place>(bytes.AsSpan(0, length), Format) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Where a page ended.</summary>
    /// <param name="Position">How many items came up to there.</param>
    /// <param name="Count">How many there were in all.</param>
    /// <param name="Last">The last one given.</param>
    /// <param name="Next">The one after it.</param>
    private sealed record Place(int Position, int Count, string Last, string Next);
}
