namespace Slipway.Aws.Wire;

/// <summary>Method and path of a REST operation; <c>{Member}</c> in the path stands for a member.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class RestAttribute(string method, string path) : Attribute
{
    /// <summary>The HTTP method.</summary>
    public string Method { get; } = method;

    /// <summary>The path, starting with a slash.</summary>
    public string Path { get; } = path;
}

/// <summary>A member that travels in the query string.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class QueryAttribute(string name) : Attribute
{
    /// <summary>Its name there.</summary>
    public string Name { get; } = name;
}

/// <summary>A member that travels in a header.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class HeaderAttribute(string name) : Attribute
{
    /// <summary>Its name there.</summary>
    public string Name { get; } = name;
}

/// <summary>The member that is the whole body, as bytes.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
public sealed class PayloadAttribute : Attribute;
