using System.Reflection;
using System.Text.Json.Nodes;
using Slipway.Aws.Wire;

namespace Slipway.LocalAws.Wire;

/// <summary>An operation's request type and the method that handles it.</summary>
/// <param name="Request">The record of the request.</param>
/// <param name="Method">The handler: its first parameter is the request.</param>
internal sealed record Operation(Type Request, MethodInfo Method)
{
    public RestAttribute? Rest { get; } = Request.GetCustomAttribute<RestAttribute>();
}

/// <summary>
/// Every operation that local AWS handles. A handler is a public method of any class here whose first parameter is
/// a request; it may also take the <see cref="Caller"/> and a <see cref="CancellationToken"/>, and answers the
/// request's response or a task of it.
/// </summary>
internal sealed class Operations(Parts parts)
{
    private static readonly Dictionary<(AwsService Service, string Name), Operation> Handlers = Find();

    /// <summary>The operations of a service.</summary>
    public static IEnumerable<Operation> Of(AwsService service) => Handlers.Where(h => h.Key.Service == service).Select(h => h.Value);

    /// <summary>An operation by its name, or null.</summary>
    public static Operation? Find(AwsService service, string name) => Handlers.GetValueOrDefault((service, name));

    /// <summary>Handles a request that has been read and checked.</summary>
    public async Task<object> Handle(Operation operation, object request, Caller caller, CancellationToken cancellation)
    {
        var arguments = operation.Method.GetParameters().Select(p =>
            p.ParameterType == typeof(Caller) ? caller
            : p.ParameterType == typeof(CancellationToken) ? (object)cancellation
            : request).ToArray();
        var answer = operation.Method.Invoke(parts.Get(operation.Method.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, arguments, null);
        if (answer is Task task)
        {
            await task;
            answer = task.GetType().GetProperty("Result")?.GetValue(task);
        }

        // a handler of an operation that answers nothing may be void or a plain Task
        return answer is null || answer.GetType().Name == "VoidTaskResult" ? EmptyResponse.Instance : answer;
    }

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

    private static Dictionary<(AwsService Service, string Name), Operation> Find()
    {
        var methods =
            from type in Parts.Types
            from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            let first = method.GetParameters().FirstOrDefault()?.ParameterType
            where first is not null && first.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IAwsRequest<>))
            select new Operation(first, method);
        return methods.ToDictionary(o => (AwsService.Of(o.Request), o.Request.Name));
    }
}
