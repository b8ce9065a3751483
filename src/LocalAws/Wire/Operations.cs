using System.Reflection;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Wire;

/// <summary>An operation's request type and the method that handles it.</summary>
/// <param name="Request">The record of the request.</param>
/// <param name="Method">The handler: its first parameter is the request.</param>
internal sealed record Operation(Type Request, MethodInfo Method)
{
    // a start finds every operation, and most of them are never asked for
    private readonly Lazy<(MethodInvoker Invoke, Type[] Parameters, PropertyInfo? Result)> _call = new(() => (
        MethodInvoker.Create(Method), [.. Method.GetParameters().Select(p => p.ParameterType)], Method.ReturnType.GetProperty(nameof(Task<>.Result))));

    private readonly Lazy<(RestAttribute? Attribute, string[] Parts)> _route = new(() =>
        Request.GetCustomAttribute<RestAttribute>() is { } rest ? (rest, rest.Path.Split('/')) : (null, []));

    /// <summary>Its method and path, where it has its own.</summary>
    public RestAttribute? Rest => _route.Value.Attribute;

    /// <summary>The parts of its path between slashes.</summary>
    public string[] PathParts => _route.Value.Parts;

    /// <summary>Calls the handler; a handler of an operation that answers nothing may be void or a plain task.</summary>
    public async Task<object> Invoke(object part, object request, Caller caller, CancellationToken cancellation)
    {
        var (invoke, parameters, result) = _call.Value;
        var arguments = new object[parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = parameters[i] == typeof(Caller) ? caller : parameters[i] == typeof(CancellationToken) ? cancellation : request;
        }

        var answer = invoke.Invoke(part, arguments.AsSpan<object?>());
        if (answer is Task task)
        {
            await task;
            answer = result?.GetValue(task);
        }

        return answer ?? EmptyResponse.Instance;
    }
}

/// <summary>
/// Every operation that local AWS handles. A handler is a public method of any class here whose first parameter is
/// a request; it may also take the <see cref="Caller"/> and a <see cref="CancellationToken"/>, and answers the
/// request's response or a task of it.
/// </summary>
internal sealed class Operations(Parts parts)
{
    private static readonly Dictionary<AwsService, Dictionary<string, Operation>> Handlers = Find(Parts.Types);

    /// <summary>The operations of a service.</summary>
    public static IReadOnlyCollection<Operation> Of(AwsService service) => Handlers.TryGetValue(service, out var operations) ? operations.Values : [];

    /// <summary>An operation by its name, or null.</summary>
    public static Operation? Find(AwsService service, string name) => Handlers.GetValueOrDefault(service)?.GetValueOrDefault(name);

    /// <summary>Handles a request that has been read and checked.</summary>
    public Task<object> Handle(Operation operation, object request, Caller caller, CancellationToken cancellation) =>
        operation.Invoke(parts.Get(operation.Method.DeclaringType!), request, caller, cancellation);

    /// <summary>
    /// Handles a request given as AWS's own JSON, as a pipeline's step holds it: read, checked and answered just as
    /// if it had come over the wire.
    /// </summary>
    public async Task<object> Handle(AwsService service, string name, JsonObject request, Caller caller, CancellationToken cancellation)
    {
        var operation = Find(service, name) ?? throw AwsErrors.NotImplemented($"{service.Name}.{name}");
        var body = System.Text.Encoding.UTF8.GetBytes(request.ToJsonString());
        return await Handle(operation, RequestReader.Read(body, operation.Request), caller, cancellation);
    }

    // so that what is wrong with the handlers ends the start, and not the first request
    static Operations()
    {
    }

    /// <summary>The handlers of some types.</summary>
    /// <exception cref="InvalidOperationException">Two handle one request.</exception>
    internal static Dictionary<AwsService, Dictionary<string, Operation>> Find(IEnumerable<Type> types)
    {
        var methods =
            from type in types
            // the compiler's own types, which are most of them
            where type.Name[0] != '<'
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            let first = method.GetParameters().FirstOrDefault()?.ParameterType
            where typeof(IAwsRequest).IsAssignableFrom(first)
            select new Operation(first, method);
        // of services first: a key of two values would have the dictionary compiled for it at each start
        var found = new Dictionary<AwsService, Dictionary<string, Operation>>();
        foreach (var operation in methods)
        {
            var service = AwsService.Of(operation.Request);
            if (!found.TryGetValue(service, out var operations))
            {
                found[service] = operations = [];
            }

            if (!operations.TryAdd(operation.Request.Name, operation))
            {
                var first = operations[operation.Request.Name].Method;
                throw new InvalidOperationException(
                    $"{operation.Request.Name} has two handlers: {first.DeclaringType}.{first.Name} and {operation.Method.DeclaringType}.{operation.Method.Name}");
            }
        }

        return found;
    }
}
