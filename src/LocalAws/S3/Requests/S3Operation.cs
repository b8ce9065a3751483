using System.Reflection;
using Slipway.Aws.Wire;
using Slipway.LocalAws.S3.Settings;

namespace Slipway.LocalAws.S3.Requests;

/// <summary>What the path of a request names.</summary>
internal enum S3Level
{
    /// <summary>The service: no bucket.</summary>
    Service,

    /// <summary>A bucket.</summary>
    Bucket,

    /// <summary>A key of a bucket.</summary>
    Object,
}

/// <summary>
/// Marks the handler of one of S3's operations, which has the method's name. S3 tells operations apart by the HTTP
/// method, by what the path names, and by the presence of query parameters and headers.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class S3OperationAttribute(string method, S3Level level) : Attribute
{
    /// <summary>The HTTP method.</summary>
    public string Method { get; } = method;

    /// <summary>What the path names.</summary>
    public S3Level Level { get; } = level;

    /// <summary>Query parameters that must be there, with <c>name=value</c> for one that must have a value.</summary>
    public string[] Query { get; init; } = [];

    /// <summary>A header that must be there.</summary>
    public string? Header { get; init; }

    /// <summary>Query parameters that the operation knows beside those; one that ends with * stands for all that begin so.</summary>
    public string[] Optional { get; init; } = [];
}

/// <summary>An operation and the method that handles it.</summary>
/// <param name="Name">AWS's name, such as <c>PutObject</c>.</param>
/// <param name="Marks">How its requests are told.</param>
/// <param name="Method">The handler.</param>
internal sealed record S3Operation(string Name, S3OperationAttribute Marks, MethodInfo Method)
{
    /// <summary>Every operation, the most particular first.</summary>
    internal static readonly List<S3Operation> All = [.. (
        from type in Parts.Types
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        let marks = method.GetCustomAttribute<S3OperationAttribute>()
        where marks is not null
        orderby marks.Query.Length + (marks.Header is null ? 0 : 1) descending
        select new S3Operation(method.Name, marks, method))];

    /// <summary>The operation of a request.</summary>
    /// <exception cref="AwsException">
    /// MethodNotAllowed: S3 has none of that method. NotImplemented: the request has a query parameter or a header whose effect is not there.
    /// </exception>
    public static S3Operation Of(S3Request request)
    {
        var level = request.Bucket.Length == 0 ? S3Level.Service : request.Key.Length == 0 ? S3Level.Bucket : S3Level.Object;
        var found = All.FirstOrDefault(o => o.Marks.Method == request.Http.Request.Method && o.Marks.Level == level && o.Matches(request));
        var unknown = request.Query.Keys.Where(name => found is null || !found.Knows(name)).Order(StringComparer.Ordinal).ToList();
        if (found is null && unknown.Count == 0)
        {
            throw S3Errors.MethodNotAllowed(request.Http.Request.Method, $"{level}".ToUpperInvariant());
        }

        if (found is null || unknown.Count > 0)
        {
            // a parameter such as ?acl makes another operation of the request, so that none may be overlooked
            throw AwsErrors.NotImplemented(S3Unsupported.Operation(request, level, unknown, found?.Name));
        }

        CheckHeaders(request, found.Name);
        return found;
    }

    /// <summary>Refuses the headers of a request that local AWS, or S3 itself, does not take.</summary>
    /// <exception cref="AwsException">NotImplemented, and those of <see cref="AccessControl.CheckHeaders"/>.</exception>
    public static void CheckHeaders(S3Request request, string operation)
    {
        AccessControl.CheckHeaders(request, operation);
        if (S3Unsupported.Header(request) is { } header)
        {
            throw AwsErrors.NotImplemented($"S3.{operation} with the header {header}");
        }
    }

    /// <summary>Runs the handler, which writes the answer.</summary>
    public Task Run(Parts parts, S3Request request) =>
        (Task)Method.Invoke(parts.Get(Method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, [request], null)!;

    // boto3's URLs of signature version 2 repeat the two headers that are signed
    private static bool IsSignature(string name) =>
        name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || name is "AWSAccessKeyId" or "Signature" or "Expires" or "content-type" or "content-md5";

    private bool Matches(S3Request request) =>
        (Marks.Header is null || request.Header(Marks.Header) is not null)
        && Marks.Query.All(q => q.Split('=') is [var name, var value] ? request.Parameter(name) == value : request.Parameter(q) is not null);

    private bool Knows(string name) => IsSignature(name) || Marks.Optional.Any(o => o == name || (o.EndsWith('*') && name.StartsWith(o[..^1], StringComparison.Ordinal))) || Marks.Query.Any(q => q.Split('=')[0] == name);
}
