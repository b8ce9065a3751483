using System.Reflection;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Wire;

/// <summary>An operation's request type and the method that handles it.</summary>
/// <param name="Request">The record of the request.</param>
/// <param name="Method">The handler: its first parameter is the request.</param>
internal sealed record Operation(Type Request, MethodInfo Method)
{
    private readonly MethodInvoker _invoke = MethodInvoker.Create(Method);
    private readonly ParameterInfo[] _parameters = Method.GetParameters();
    private readonly PropertyInfo? _result = Method.ReturnType.GetProperty(nameof(Task<>.Result));

    /// <summary>Its method and path, where it has its own.</summary>
    public RestAttribute? Rest { get; } = Request.GetCustomAttribute<RestAttribute>();

    /// <summary>The parts of its path between slashes.</summary>
    public string[] PathParts { get; } = Request.GetCustomAttribute<RestAttribute>()?.Path.Split('/') ?? [];

    /// <summary>Calls the handler; a handler of an operation that answers nothing may be void or a plain task.</summary>
    public async Task<object> Invoke(object part, object request, Caller caller, CancellationToken cancellation)
    {
        var arguments = new object[_parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            var type = _parameters[i].ParameterType;
            arguments[i] = type == typeof(Caller) ? caller : type == typeof(CancellationToken) ? cancellation : request;
        }

        var answer = _invoke.Invoke(part, arguments.AsSpan<object?>());
        if (answer is Task task)
        {
            await task;
            answer = _result?.GetValue(task);
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
    private static readonly Dictionary<(AwsService Service, string Name), Operation> Handlers = Find(Parts.Types);
    private static readonly ILookup<AwsService, Operation> OfServices = Handlers.ToLookup(h => h.Key.Service, h => h.Value);

    /// <summary>The operations of a service.</summary>
    public static IEnumerable<Operation> Of(AwsService service) => OfServices[service];

    /// <summary>An operation by its name, or null.</summary>
    public static Operation? Find(AwsService service, string name) => Handlers.GetValueOrDefault((service, name));

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
    internal static Dictionary<(AwsService Service, string Name), Operation> Find(IEnumerable<Type> types)
    {
        var methods =
            from type in types
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            let first = method.GetParameters().FirstOrDefault()?.ParameterType
            where first is not null && first.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAwsRequest<>))
            select new Operation(first, method);
        var found = new Dictionary<(AwsService Service, string Name), Operation>();
        foreach (var operation in methods)
        {
            if (!found.TryAdd((AwsService.Of(operation.Request), operation.Request.Name), operation))
            {
                var first = found[(AwsService.Of(operation.Request), operation.Request.Name)].Method;
                throw new InvalidOperationException(
                    $"{operation.Request.Name} has two handlers: {first.DeclaringType}.{first.Name} and {operation.Method.DeclaringType}.{operation.Method.Name}");
            }
        }

        return found;
    }
}
