using System.Text;
using Slipway.LocalAws.S3.Store;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>A page of a listing.</summary>
/// <param name="Objects">Its objects, or versions.</param>
/// <param name="CommonPrefixes">What keys have in common up to a delimiter.</param>
/// <param name="Truncated">Whether more follows.</param>
/// <param name="Last">The last key or common prefix of the page.</param>
internal sealed record ObjectPage(List<StoredObject> Objects, List<string> CommonPrefixes, bool Truncated, string Last);

/// <summary>Lists the objects of a bucket, page by page, by scans of the index that skip what a common prefix covers.</summary>
internal sealed class ObjectListing(ObjectIndex index)
{
    private const int FirstScan = 16;

    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">What the keys start with.</param>
    /// <param name="delimiter">What ends a common prefix, or empty.</param>
    /// <param name="after">Keys and common prefixes come after this one, and of the key itself the versions after the sequence.</param>
    /// <param name="size">The most entries.</param>
    /// <param name="versions">Whether every version is listed, or only the objects that keys name now.</param>
    public ObjectPage Page(string bucket, string prefix, string delimiter, (string Key, long Sequence) after, int size, bool versions = false)
    {
        var page = new ObjectPage([], [], Truncated: false, Last: after.Key);
        var scan = delimiter.Length == 0 ? size + 1 : FirstScan;
        var from = CommonPrefix(after.Key, prefix, delimiter) is { } covered
            ? VersionPosition.AfterPrefix(covered)
            : VersionPosition.After(after.Key) with { Sequence = after.Sequence };
        while (size > 0)
        {
            var rows = index.List(bucket, prefix, from, scan, versions);
            foreach (var row in rows)
            {
                var common = CommonPrefix(row.Key, prefix, delimiter);
                if (common is not null && page.CommonPrefixes.LastOrDefault() == common)
                {
                    continue;
                }

                if (page.Objects.Count + page.CommonPrefixes.Count == size)
                {
                    return page with { Truncated = true };
                }

                page = page with { Last = common ?? row.Key };
                Add(page, row, common);
            }

            if (rows.Count < scan)
            {
                return page;
            }

            from = page.CommonPrefixes.LastOrDefault() == page.Last
                ? VersionPosition.AfterPrefix(page.Last)
                : VersionPosition.After(rows[^1].Key) with { Sequence = rows[^1].Sequence };
            scan = Math.Min(scan * 2, size + 1);
        }

        return page;
    }

    private static void Add(ObjectPage page, StoredObject row, string? common)
    {
        if (common is null)
        {
            page.Objects.Add(row);
        }
        else
        {
            page.CommonPrefixes.Add(common);
        }
    }

    /// <summary>A key up to the first delimiter after a prefix, or null where there is none.</summary>
    public static string? CommonPrefix(string key, string prefix, string delimiter)
    {
        if (delimiter.Length == 0 || !key.StartsWith(prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var at = key.IndexOf(delimiter, prefix.Length, StringComparison.Ordinal);
        return at < 0 ? null : key[..(at + delimiter.Length)];
    }

    /// <summary>The bytes that come after every key with a prefix and before any other key that follows.</summary>
    // UTF-8 has no byte 0xFF
    public static byte[] End(string prefix) => [.. Encoding.UTF8.GetBytes(prefix), 0xFF];

    /// <summary>Compares keys by their bytes.</summary>
    public static int Compare(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
