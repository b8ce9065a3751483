using System.Net;
using System.Text.RegularExpressions;

namespace Slipway.LocalAws.S3.Objects;

/// <summary>A stretch of a content: its first byte and how many there are.</summary>
internal sealed partial record ByteRange(long Start, long Length)
{
    /// <summary>The last byte.</summary>
    public long End => Start + Length - 1;

    /// <summary>Reads a Range header for a content of a size: <c>bytes=a-b</c>, <c>bytes=a-</c> or <c>bytes=-n</c>.</summary>
    /// <returns>Null where the header is no single range, which S3 then ignores.</returns>
    /// <exception cref="Aws.Wire.AwsException">InvalidRange: no byte of the content is in it.</exception>
    public static ByteRange? Of(string? header, long size)
    {
        if (header is null || Form().Match(header) is not { Success: true } match || (match.Groups["first"].Length == 0 && match.Groups["last"].Length == 0))
        {
            return null;
        }

        var last = match.Groups["last"].Length == 0 ? long.MaxValue : Number(match.Groups["last"].Value);
        if (match.Groups["first"].Length == 0)
        {
            return last == 0 || size == 0 ? throw Unsatisfiable(header, size) : new(Math.Max(0, size - last), Math.Min(last, size));
        }

        var first = Number(match.Groups["first"].Value);
        return first > last ? null
            : first >= size ? throw Unsatisfiable(header, size)
            : new(first, Math.Min(last, size - 1) - first + 1);
    }

    private static Aws.Wire.AwsException Unsatisfiable(string header, long size) => S3Errors.Make(
        "InvalidRange", HttpStatusCode.RequestedRangeNotSatisfiable, "The requested range is not satisfiable", ("RangeRequested", header), ("ActualObjectSize", $"{size}"));

    // a number beyond any content's size is as good as the largest
    private static long Number(string text) => long.TryParse(text, out var number) ? number : long.MaxValue;

    [GeneratedRegex(@"\Abytes=(?<first>[0-9]*)-(?<last>[0-9]*)\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
