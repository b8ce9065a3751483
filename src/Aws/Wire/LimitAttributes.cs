namespace Slipway.Aws.Wire;

/// <summary>The regular expression that a string member, or each string of a list, matches as a whole; AWS's own.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern) : Attribute
{
    /// <summary>The expression, in the syntax of AWS's service models.</summary>
    public string Pattern { get; } = pattern;
}

/// <summary>The least and most characters of a string, or items of a list or map.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class LengthAttribute(int min, int max) : Attribute
{
    /// <summary>The least length.</summary>
    public int Min { get; } = min;

    /// <summary>The greatest length.</summary>
    public int Max { get; } = max;
}

/// <summary>The least and greatest value of a number.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class RangeAttribute(double min, double max) : Attribute
{
    /// <summary>The least value.</summary>
    public double Min { get; } = min;

    /// <summary>The greatest value.</summary>
    public double Max { get; } = max;
}

/// <summary>The values that a string takes, for enumerations of AWS's that no C# name can spell or no code here branches on.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class OneOfAttribute(params string[] values) : Attribute
{
    /// <summary>The values, as AWS writes them.</summary>
    public IReadOnlyList<string> Values { get; } = values;
}

/// <summary>The service's own error codes for a member, where a service has such, as CodeCommit does; else the service's code for any input.</summary>
/// <param name="invalid">The code where the member breaks a limit.</param>
/// <param name="missing">The code where the member is required and absent.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class ErrorsAttribute(string invalid, string? missing = null) : Attribute
{
    /// <summary>The code where the member breaks a limit.</summary>
    public string Invalid { get; } = invalid;

    /// <summary>The code where the member is required and absent.</summary>
    public string? Missing { get; } = missing;
}

/// <summary>What the query protocol calls the key and the value of a map's entries, where not <c>key</c> and <c>value</c>.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class EntryNamesAttribute(string key, string value) : Attribute
{
    /// <summary>The name of an entry's key.</summary>
    public string Key { get; } = key;

    /// <summary>The name of an entry's value.</summary>
    public string Value { get; } = value;
}
