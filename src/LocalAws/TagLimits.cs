namespace Slipway.LocalAws;

/// <summary>What every service asks of the tags of a resource: https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html</summary>
internal static class TagLimits
{
    /// <summary>The most tags of a resource.</summary>
    public const int Most = 50;

    /// <summary>The most characters of a key.</summary>
    public const int LongestKey = 128;

    /// <summary>The most characters of a value.</summary>
    public const int LongestValue = 256;

    /// <summary>Whether a key is AWS's own, which nobody else sets.</summary>
    public static bool IsReserved(string key) => key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase);
}
