using System.Text;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Storage;

/// <summary>A page of a listing and the token that asks for the next one.</summary>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? NextToken);

/// <summary>Cuts a sorted listing into pages. The token names the last item given, so that a page never repeats one when others come or go.</summary>
internal static class Page
{
    /// <param name="items">The whole listing, sorted.</param>
    /// <param name="key">What names an item uniquely.</param>
    /// <param name="token">The token of the page before, or null.</param>
    /// <param name="size">The page's largest size.</param>
    /// <param name="invalid">The error for a token that this listing did not give.</param>
    public static Page<T> Of<T>(IEnumerable<T> items, Func<T, string> key, string? token, int size, Func<AwsException>? invalid = null)
    {
        var all = items as IReadOnlyList<T> ?? [.. items];
        var start = token is null ? 0 : Start(all, key, token, invalid);
        var page = all.Skip(start).Take(size).ToList();
        return new(page, start + page.Count < all.Count ? Encode(start + page.Count, key(page[^1])) : null);
    }

    private static int Start<T>(IReadOnlyList<T> all, Func<T, string> key, string token, Func<AwsException>? invalid)
    {
        var (position, last) = Decode(token) ?? throw invalid?.Invoke() ?? AwsErrors.Validation("Invalid pagination token.");
        for (var i = 0; i < all.Count; i++)
        {
            if (key(all[i]) == last)
            {
                return i + 1;
            }
        }

        // the last item given is gone: what followed it has moved up by one
        return Math.Max(0, position - 1);
    }

    private static string Encode(int position, string last) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{position}/{last}"));

    private static (int Position, string Last)? Decode(string token)
    {
        var bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split('/', 2);
        return parts.Length == 2 && int.TryParse(parts[0], out var position) ? (position, parts[1]) : null;
    }
}
